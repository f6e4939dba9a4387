#pragma once

#include <ottla/actors/caf_arrivals.hpp>
#include <ottla/actors/call_result.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/kafka/group/worker_lease.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// Works off one partition, or those of one number of several topics, a batch of each in turn:
/// takes what is there, lets the handler look at it, passes on what it acknowledged. It pulls: a
/// busy worker does not take, and the client stops fetching. Its partitions are the same for as
/// long as it lives. A request to end is seen at once, by a handler that runs too: nothing is taken
/// any more, and a record_handler gets no further message. (Elsa.Consumer.Worker, Kaffe.Subscriber
/// and Kaffe.Worker in one.)
class worker : public sees_arrivals<process> {
public:
  /// `records` is not empty. `records[first_turn]` is asked for messages first.
  worker(caf::actor_config& config, process_context context, group_context_ptr group,
         std::vector<record_ptr> records, std::size_t first_turn);

private:
  /// A batch that is with the handler process.
  struct batch_under_way {
    std::size_t lease = 0;
    taken batch;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;
  void arrived(const message_content& what) noexcept override;

  bool lease_all();
  void choose_handler();
  void look();
  void work();
  void handle(std::size_t which, taken batch);
  void ask_handler_process();
  void answered(const call_result<verdict>& answer);
  void done_with(const worker_lease& lease, const taken& batch);
  void go_on();

  group_context_ptr group_;
  std::vector<record_ptr> records_;
  std::vector<worker_lease> leases_;
  /// Whose turn it is.
  std::size_t turn_;
  /// Null where a process handles the messages.
  std::unique_ptr<message_handler> handler_;
  process_ref handler_process_;
  std::optional<batch_under_way> in_hand_;
  bool continuing_ = false;
  bool draining_ = false;
  /// Set when a message is sent that ends this process. Handlers, and batches that are with other
  /// processes, read it.
  const std::shared_ptr<std::atomic<bool>> is_to_end_ = std::make_shared<std::atomic<bool>>(false);
};

} // namespace ottla::kafka

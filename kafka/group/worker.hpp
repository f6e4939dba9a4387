#pragma once

#include <ottla/actors/call_result.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/kafka/group/worker_lease.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// Works off one partition, or those of one number of several topics, a batch of each in turn:
/// takes what is there, lets the handler look at it, passes on what it acknowledged. It pulls: a
/// busy worker does not take, and the client stops fetching. Its partitions are the same for as
/// long as it lives. (Elsa.Consumer.Worker, Kaffe.Subscriber and Kaffe.Worker in one.)
class worker : public process {
public:
  /// `records` is not empty.
  worker(caf::actor_config& config, process_context context, group_context_ptr group,
         std::vector<record_ptr> records);

private:
  /// A batch that is with the handler process.
  struct batch_under_way {
    std::size_t lease = 0;
    taken batch;
  };

  caf::behavior set_up() override;
  void terminated() override;

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
  std::size_t turn_ = 0;
  /// Null where a process handles the messages.
  std::unique_ptr<message_handler> handler_;
  process_ref handler_process_;
  std::optional<batch_under_way> in_hand_;
  bool continuing_ = false;
  bool draining_ = false;
};

} // namespace ottla::kafka

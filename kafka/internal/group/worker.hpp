#pragma once

#include <ottla/actors/caf_arrivals.hpp>
#include <ottla/actors/call_result.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>
#include <ottla/kafka/internal/partition/leased_partition.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// Handles the messages of one partition, or of the partitions with the same number in several
/// topics. Such partitions take turns. The worker pulls a batch, calls the handler, and forwards
/// the acknowledgements. A busy worker pulls nothing, so the driver stops fetching when its
/// memory is full. A worker's partitions never change. A request to end takes effect at once, even
/// while a handler runs. The worker pulls no further batch, and a message_handler gets no further
/// message. leased_partition::apply says what each verdict does. The models are
/// Elsa.Consumer.Worker, Kaffe.Subscriber and Kaffe.Worker.
class worker : public sees_arrivals<process> {
public:
  /// `states` is not empty. The worker takes from `states[first_turn]` first.
  worker(caf::actor_config& config, process_context context, group_context_ptr group,
         std::vector<state_ptr> states, std::size_t first_turn);

private:
  /// A batch that the handler process handles.
  struct batch_under_way {
    std::size_t lease = 0;
    fetched batch;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;
  void arrived(const message_content& what) noexcept override;

  // -- the start

  /// Returns false if one of the partitions was given up.
  bool lease_all();
  void choose_handler();

  // -- the loop: woken, work, handle, finish_batch, continue_later, and work again

  void woken();
  /// Takes a batch from the next partition that has messages.
  void work();
  /// Calls the handler object, or sends the batch to the handler process.
  void handle(std::size_t which, fetched batch);
  /// Ends this process if the partition failed or this process must end. Otherwise continues if
  /// more messages may wait.
  void finish_batch(const leased_partition& lease, const fetched& batch);
  void continue_later();

  // -- a handler process, which answers between handle() and finish_batch()

  void ask_handler_process();
  void answered(const call_result<verdict>& answer);

  group_context_ptr group_;
  std::vector<state_ptr> states_;
  std::vector<leased_partition> leases_;
  /// Index of the lease whose turn it is.
  std::size_t turn_;
  /// Null if a process handles the messages.
  std::unique_ptr<batch_handler> handler_;
  process_ref handler_process_;
  /// The batch that the handler process has; nullopt for a handler object.
  std::optional<batch_under_way> sent_to_process_;
  /// A take_more to this process is queued.
  bool continuing_ = false;
  /// Messages arrived while the handler process had a batch.
  bool woken_during_batch_ = false;
  /// This process ends when the handler process has answered. Only used while sent_to_process_ is
  /// set. Without a pending batch, a drain ends this process at once.
  bool draining_ = false;
  /// Set when a message arrives that ends this process. Handler objects and handler processes read
  /// this flag through their batches.
  const std::shared_ptr<std::atomic<bool>> is_to_end_ = std::make_shared<std::atomic<bool>>(false);
};

} // namespace ottla::kafka

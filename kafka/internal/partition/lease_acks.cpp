#include <ottla/kafka/internal/partition/lease_acks.hpp>

#include <utility>

namespace ottla::kafka {

lease_acks::lease_acks(std::shared_ptr<lease_progress> progress, state_ptr state,
                       std::uint64_t epoch, caf::actor_addr acknowledger)
  : ack_sink{std::move(progress)},
    state_{std::move(state)},
    epoch_{epoch},
    acknowledger_{std::move(acknowledger)} {}

void lease_acks::done(std::int64_t first, std::int64_t next) const {
  if (state_->acknowledge_in_order(epoch_, first, next))
    return;
  // If the acknowledger is dead, the acknowledgement is dropped. The restart of the acknowledger
  // also restarts the workers, and the new workers get these messages again.
  if (auto acknowledger = caf::actor_cast<caf::actor>(acknowledger_))
    post(acknowledger, batch_acked{state_, epoch_, first, next});
}

} // namespace ottla::kafka

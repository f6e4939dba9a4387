#include <ottla/kafka/group/acknowledger.hpp>

#include <utility>

namespace ottla::kafka {

acknowledger::acknowledger(caf::actor_config& config, process_context context,
                           group_context_ptr group)
  : process{config, std::move(context)}, group_{std::move(group)} {}

caf::behavior acknowledger::set_up() {
  return {
    [this](const batch_acked& ack) { acknowledge(ack); },
    [](flush_acks) { return acks_flushed{}; },
  };
}

void acknowledger::acknowledge(const batch_acked& ack) {
  const auto& where = ack.record->where();
  auto found = leases_.find(where);
  if (found == leases_.end() || found->second.epoch < ack.epoch) {
    open_lease fresh{ack.epoch, offset_tracker{ack.record->acknowledged()}};
    found = leases_.insert_or_assign(where, std::move(fresh)).first;
  }
  auto& lease = found->second;
  if (lease.epoch != ack.epoch || !lease.done.finish(ack.first, ack.next))
    return;
  if (ack.record->acknowledge(ack.epoch, lease.done.front()))
    group_->observer->acknowledged(where, lease.done.front());
}

} // namespace ottla::kafka

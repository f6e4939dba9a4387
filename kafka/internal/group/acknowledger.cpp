#include <ottla/kafka/internal/group/acknowledger.hpp>
#include <ottla/kafka/internal/health/health_messages.hpp>

#include <utility>

namespace ottla::kafka {

acknowledger::acknowledger(caf::actor_config& config, process_context context,
                           group_context_ptr group)
  : process{config, std::move(context)}, group_{std::move(group)} {}

caf::behavior acknowledger::set_up() {
  return {
    [this](const batch_acked& ack) { acknowledge(ack); },
    [this](const flush_acks& request) {
      forget(request.partitions);
      return acks_flushed{};
    },
    [this](const partitions_lost& lost) { forget(lost.partitions); },
    [](sign_of_life) {},
  };
}

void acknowledger::acknowledge(const batch_acked& ack) {
  const auto& where = ack.state->where();
  const auto acknowledged = ack.state->next_to_commit();
  auto found = leases_.find(where);
  if (found == leases_.end() || found->second.epoch < ack.epoch)
    found = leases_.insert_or_assign(where, open_lease{ack.epoch, out_of_order_acks{acknowledged}})
              .first;
  auto& lease = found->second;
  if (lease.epoch != ack.epoch)
    return;
  // While no range waits here, workers send acknowledgements directly to the partition_state. So
  // all offsets below the acknowledged offset of the partition_state count as finished.
  lease.done.finish(lease.done.front(), acknowledged);
  lease.done.finish(ack.first, ack.next);
  const bool some_wait = lease.done.waiting() != 0;
  const bool lease_is_current = ack.state->acknowledge(ack.epoch, lease.done.front(), some_wait);
  if (!lease_is_current)
    leases_.erase(found);
}

void acknowledger::forget(const std::vector<topic_partition>& partitions) {
  for (const auto& where : partitions)
    leases_.erase(where);
}

} // namespace ottla::kafka

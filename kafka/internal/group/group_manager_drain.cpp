// The part of the group manager that acts when all workers have drained. It makes the acknowledger
// flush the acknowledgements of the partitions, calls assignments_revoked, and answers the
// coordinator. The group manager begins a drain in drain_revoked() and in shutdown().

#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/group/assignment_hooks.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/process_names.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace ottla::kafka {

void group_manager::flush_when_drained() {
  const bool wanted = unanswered_revoke_ || stop_reason_;
  const bool drained = std::ranges::all_of(slots_, [](const auto& one) {
    return one.second.stage() == worker_stage::none || one.second.is_up_to_date();
  });
  if (!wanted || flushing_ || !drained)
    return;
  flushing_ = true;
  auto flushed = std::exchange(to_flush_, {});
  // If the drain was too slow, its partitions were given up and may already be assigned again.
  std::erase_if(flushed, [this](const auto& where) { return wants(where); });
  const auto done
    = [this, flushed, number = unanswered_revoke_, stopping = stop_reason_.has_value()] {
        drain_done(flushed, number, stopping);
      };
  const auto acknowledger = whereis(acknowledger_name);
  if (!acknowledger) {
    done();
    return;
  }
  // The workers' last acknowledgements precede this request in the acknowledger's mailbox.
  send_request(
    this, acknowledger, answer_within, flush_acks{std::move(flushed)},
    [done](acks_flushed) { done(); }, [done](const caf::error&) { done(); });
}

void group_manager::drain_done(std::vector<topic_partition> flushed,
                               std::optional<revoke_number> number, bool stopping) {
  flushing_ = false;
  std::erase_if(
    flushed, [this](const auto& where) { return still_assigned_.contains(where) || wants(where); });
  call_assignments_revoked(*group_, group_->hooks->take_ended(flushed));
  if (number && number == unanswered_revoke_) {
    unanswered_revoke_.reset();
    if (auto coordinator = whereis(coordinator_name))
      cast(this, coordinator, drained{*number});
  }
  if (stopping)
    stop(*stop_reason_);
  else
    flush_when_drained(); // Another drain may have begun during the flush.
}

} // namespace ottla::kafka

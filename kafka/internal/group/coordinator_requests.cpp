#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/process_names.hpp>

#include <string>
#include <utility>

namespace ottla::kafka {

committed_offsets coordinator::list_committed() const {
  committed_offsets all;
  for (const auto& each : ledger_.confirmed())
    all.partitions.push_back({each.at, each.offset});
  return all;
}

caf::result<group_aborted> coordinator::abort() {
  *group_->aborted = true;
  // Also during the end of this process, since the next coordinator of the connection stays out.
  note_aborted();
  if (!consumer_ || stop_reason_)
    return group_aborted{};
  auto promise = make_response_promise();
  abort_questions_.push_back(promise);
  if (ending_.is_closing())
    return promise;
  cast_after(this, leave_within(), close_deadline{});
  const auto all = assigned_partitions();
  const auto unanswered = std::exchange(assigning_, std::nullopt);
  const auto wanted_back = std::exchange(revoking_, std::nullopt);
  give_back(all, assignment_end::lost);
  tell_manager(partitions_lost{all});
  if (unanswered)
    consumer_->assign(unanswered->offer().answer, {});
  if (wanted_back)
    consumer_->unassign(wanted_back->what().answer, wanted_back->what().partitions);
  close();
  return promise;
}

void coordinator::abort_done() {
  if (!ending_.has_left())
    report_unfinished({unfinished::kind::leave, 1, "the group did not confirm the leave"});
  // The seam continues an unconfirmed leave in the background.
  consumer_.reset();
  fail_lag_questions("the group was aborted");
  for (auto& one : std::exchange(abort_questions_, {}))
    one.deliver(group_aborted{});
}

void coordinator::fail_requests() {
  fail_lag_questions("the coordinator ended");
  for (auto& one : std::exchange(abort_questions_, {}))
    one.deliver(group_aborted{});
}

} // namespace ottla::kafka

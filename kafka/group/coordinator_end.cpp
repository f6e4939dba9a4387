// What the coordinator owes when it ends: the last commit, leaving the group, and to say what of
// that was not confirmed.

#include <ottla/kafka/group/coordinator.hpp>
#include <ottla/supervision/detail/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// A member whose leaving is not confirmed within that is left to the seam, which goes on with it.
/// Nothing is lost by that, so a stop is not held up longer.
constexpr auto longest_leave = 900ms;
constexpr auto commit_pause = 100ms;

bool may_succeed_later(const committed& what) {
  if (what.failed)
    return what.failed->retriable;
  return std::ranges::all_of(what.positions,
                             [](const auto& one) { return !one.failed || one.failed->retriable; });
}

bool has_failed(const committed& what) {
  return what.failed || std::ranges::any_of(what.positions, [](const auto& one) {
           return one.failed.has_value();
         });
}

} // namespace

void coordinator::commit_or_close(const committed& last) {
  if (has_failed(last)) {
    if (may_succeed_later(last))
      cast_after(this, commit_pause, commit_again{});
    else
      close();
    return;
  }
  commit_in_flight_ = commit(kept_partitions());
  if (!commit_in_flight_)
    close();
}

void coordinator::send_last_commit() {
  // The other members may take longer to join than this stop may take. close() sends the commits
  // that wait for the join.
  if (stop_reason_ && !closing_ && !revoking_ && commit_in_flight_ && consumer_->is_joining())
    close();
}

std::chrono::nanoseconds coordinator::leave_within() {
  return std::min<std::chrono::nanoseconds>(longest_leave,
                                            time_to_end(context(), now().time_since_epoch()));
}

void coordinator::leave_overdue() {
  // The group's coordinator answers once the other members have joined, so it does not hang.
  const bool waits_for_others = stop_reason_ && consumer_ && !has_left_ && consumer_->is_joining();
  const auto left = leave_within();
  if (waits_for_others && left > left.zero())
    cast_after(this, left, leave_deadline{});
  else
    close_overdue();
}

bool coordinator::is_ending() const {
  return stop_reason_ || (context().tree && context().tree->stop.has_begun());
}

std::int64_t coordinator::unconfirmed(const topic_partition& of, partition_record& record) const {
  const auto stored = stored_.find(of);
  if (stored == stored_.end())
    return 0;
  const auto known = std::max(stored->second.next, stored->second.beginning);
  return std::max<std::int64_t>(record.acknowledged() - known, 0);
}

void coordinator::note_unconfirmed(const topic_partition& of, partition_record& record) {
  const auto messages = is_ending() ? unconfirmed(of, record) : 0;
  unconfirmed_partitions_ += messages > 0 ? 1 : 0;
  unconfirmed_messages_ += messages;
}

void coordinator::report_unconfirmed() {
  if (!is_ending())
    return;
  if (unconfirmed_partitions_ != 0)
    report_unfinished({unfinished::kind::acknowledgements, unconfirmed_partitions_,
                       fmt::format("{} acknowledged messages of {} partitions were not confirmed "
                                   "as committed and may come again",
                                   unconfirmed_messages_, unconfirmed_partitions_)});
  if (consumer_ && !has_left_)
    report_unfinished({unfinished::kind::leave, 1, "the group did not confirm that it is left"});
}

void coordinator::report_lost_commit(const pending_revoke& of) {
  if (is_ending())
    return;
  for (const auto& where : of.what.partitions) {
    const auto record = records_.find(where);
    const auto messages = record == records_.end() ? 0 : unconfirmed(where, *record->second);
    if (messages > 0)
      group_->observer->left_unfinished(
        {unfinished::kind::acknowledgements, 1,
         fmt::format("{}: given up with {} acknowledged messages that were not confirmed as "
                     "committed and may come again",
                     to_string(where), messages)});
  }
}

void coordinator::report_unfinished(unfinished what) {
  what.text = fmt::format("group \"{}\": {}", group_->settings.group, what.text);
  leave_unfinished(context(), what.text);
  group_->observer->left_unfinished(what);
}

} // namespace ottla::kafka

// The end of the coordinator: the last commit, the leave, and a report of what was not confirmed.

#include <ottla/kafka/group/coordinator.hpp>
#include <ottla/supervision/orderly_end.hpp>
#include <ottla/supervision/tree_context.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Limits of the wait for the group to confirm the leave. Afterwards the seam continues the leave.
/// Nothing is lost, so a stop does not use up all its time on a broker that hangs.
constexpr std::chrono::nanoseconds shortest_leave = 900ms;
constexpr std::chrono::nanoseconds longest_leave = 10s;
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
  if (!commit_kept())
    close();
}

void coordinator::send_last_commit() {
  // The other members may take longer to join than this stop may take. close() sends the commits
  // that wait for the join.
  if (stop_reason_ && !closing_ && !revoking_ && commits_.is_pending() && consumer_->is_joining())
    close();
}

std::chrono::nanoseconds coordinator::leave_within() {
  const auto left = time_to_end(context(), now().time_since_epoch());
  // Whoever asks for an abort waits for the answer. Brokers that are away confirm nothing.
  if (!stop_reason_ || group_->health->holds(brokers_health))
    return std::min(left, shortest_leave);
  return std::min(left, std::clamp(left / 4, shortest_leave, longest_leave));
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

void coordinator::note_unconfirmed(const topic_partition& of, partition_record& record) {
  const auto messages = is_ending() ? commits_.unconfirmed(of, record.acknowledged()) : 0;
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
    const auto messages
      = record == records_.end() ? 0 : commits_.unconfirmed(where, record->second->acknowledged());
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

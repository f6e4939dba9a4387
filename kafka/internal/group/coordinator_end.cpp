// The end of the coordinator: the last commit, the leave, and reports of unconfirmed commits.

#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto commit_pause = 100ms;

} // namespace

membership_end::pending coordinator::under_way() const {
  return {.revoke = revoking_.has_value(),
          .commit = ledger_.is_pending(),
          .join = consumer_ && consumer_->is_joining()};
}

void coordinator::take(membership_end::step next) {
  switch (next) {
    case membership_end::step::wait: return;
    case membership_end::step::commit:
      if (!commit_kept())
        close();
      return;
    case membership_end::step::commit_later: cast_after(this, commit_pause, commit_again{}); return;
    case membership_end::step::close: close(); return;
    case membership_end::step::await_leave:
      cast_after(this, leave_within(), leave_deadline{});
      return;
    case membership_end::step::end: close_overdue(); return;
  }
}

std::chrono::nanoseconds coordinator::leave_within() {
  return ending_.leave_within(time_to_end(context(), now().time_since_epoch()),
                              group_->health->holds(brokers_health));
}

void coordinator::keep_offset(const topic_partition& of, partition_state& state) {
  if (group_->groupless)
    group_->groupless->offsets->acknowledge(of, state.number(), state.next_to_commit());
}

bool coordinator::is_ending() const {
  return stop_reason_ || is_tree_stopping(context());
}

void coordinator::note_unconfirmed(const topic_partition& of, partition_state& state) {
  const auto messages = is_ending() ? ledger_.unconfirmed(of, state.next_to_commit()) : 0;
  unconfirmed_partitions_ += messages > 0 ? 1 : 0;
  unconfirmed_messages_ += messages;
}

void coordinator::report_unconfirmed() {
  if (!is_ending())
    return;
  if (unconfirmed_partitions_ != 0)
    report_unfinished({unfinished::kind::acknowledgements, unconfirmed_partitions_,
                       fmt::format("up to {} acknowledged messages of {} partitions were not "
                                   "confirmed as committed and may be delivered again",
                                   unconfirmed_messages_, unconfirmed_partitions_)});
  if (consumer_ && !ending_.has_left() && !group_->groupless)
    report_unfinished({unfinished::kind::leave, 1, "the group did not confirm the leave"});
}

void coordinator::report_lost_commit(const pending_revoke& of) {
  if (is_ending())
    return;
  for (const auto& where : of.what().partitions) {
    const auto state = states_.find(where);
    const auto messages
      = state == states_.end() ? 0 : ledger_.unconfirmed(where, state->second->next_to_commit());
    if (messages > 0)
      group_->observer->left_unfinished(
        {unfinished::kind::acknowledgements, 1,
         fmt::format("{}: revoked with up to {} acknowledged messages that were not confirmed "
                     "as committed and may be delivered again",
                     to_string(where), messages)});
  }
}

void coordinator::report_unfinished(unfinished what) {
  what.text = fmt::format("{}: {}", title_of(*group_), what.text);
  leave_unfinished(context(), what.text);
  group_->observer->left_unfinished(what);
}

} // namespace ottla::kafka

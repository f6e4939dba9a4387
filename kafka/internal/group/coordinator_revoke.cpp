// How the coordinator gives partitions back: a revoke drains, commits, and ends with unassign().

#include <ottla/kafka/internal/group/assignment_hooks.hpp>
#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/internal/group/drain_deadline.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// How long the member keeps revoked partitions while their last commit is not answered.
constexpr auto commit_within = 2s;

} // namespace

void coordinator::handle(const revoked& event) {
  // An assignment that is revoked before it was accepted has nothing to drain.
  assigning_.reset();
  if (stop_reason_ && !event.lost && !ending_.is_closing()) {
    // The workers have ended, so nothing drains. This revoke still needs a commit of its own: the
    // commit that the stop waits for may lack later acknowledgements.
    revoking_.emplace(++last_revoke_, event);
    revoke_drained(revoking_->number(), drain_end::in_time);
    return;
  }
  if (event.lost || ending_.is_closing()) {
    give_back(event.partitions, event.lost ? assignment_end::lost : assignment_end::revoked);
    consumer_->unassign(event.answer, event.partitions);
    joining_.waits(time());
    tell_manager(partitions_lost{event.partitions});
    if (stop_reason_)
      tell_hook_of_end();
    return;
  }
  begin_revoke(event);
}

void coordinator::begin_revoke(const revoked& event) {
  revoking_.emplace(++last_revoke_, event);
  cast_after(this, revoke_drain_time(group_->settings), revoke_drain_overdue{revoking_->number()});
  tell_manager(partitions_revoked{revoking_->number(), event.partitions});
}

void coordinator::end_overdue_drain(revoke_number number) {
  if (!revoking_ || !revoking_->is_draining(number))
    return;
  // Rejects acknowledgements from now on. The next owner gets the unacknowledged messages again.
  for (const auto& where : revoking_->what().partitions)
    if (const auto found = states_.find(where); found != states_.end())
      found->second->end_lease();
  revoke_drained(number, drain_end::overdue);
}

void coordinator::revoke_drained(revoke_number number, drain_end how) {
  if (!revoking_ || !revoking_->is_draining(number))
    return;
  revoking_->drained(how);
  const auto last_commit = commit(revoking_->what().partitions);
  if (!last_commit) {
    finish_revoke();
    return;
  }
  revoking_->sent(*last_commit);
  // In a stop, the deadline of the stop limits the wait for the commit.
  if (!stop_reason_)
    cast_after(this, commit_within, commit_deadline{number});
}

void coordinator::finish_revoke() {
  const auto done = *std::exchange(revoking_, std::nullopt);
  report_lost_commit(done);
  give_back(done.what().partitions, assignment_end::revoked);
  consumer_->unassign(done.what().answer, done.what().partitions);
  joining_.waits(time());
  if (done.is_overdue())
    tell_manager(partitions_lost{done.what().partitions});
}

void coordinator::tell_hook_of_end() {
  // The manager ended before this process, so it cannot call the hook.
  call_assignments_revoked(*group_, group_->hooks->take_all_but({}));
}

void coordinator::give_back(const std::vector<topic_partition>& partitions, assignment_end how) {
  std::vector<topic_partition> given_back;
  for (const auto& where : partitions) {
    group_->health->clear(health_name_of(where));
    if (auto gone = states_.extract(where)) {
      gone.mapped()->give_up();
      keep_offset(where, *gone.mapped());
      note_unconfirmed(where, *gone.mapped());
      given_back.push_back(where);
    }
    ledger_.end(where);
  }
  share_memory();
  if (given_back.empty())
    return;
  if (states_.empty() && !ending_.has_begun())
    note_no_partitions();
  group_->observer->revoked(given_back, how == assignment_end::lost);
}

} // namespace ottla::kafka

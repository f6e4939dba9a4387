// The part of the group manager that finds the state of the group when this process starts. After a
// crash of the manager, the coordinator still holds the assignment, and the workers still run:
//
//   attach_to_coordinator()   asks the coordinator for the assigned partitions
//   query_workers()           asks the worker supervisor for its children
//   rebuild_slots()           gives each partition and each living worker to its slot, and settles
//
// The manager repeats these steps if a process does not answer, or if the assignment changes while
// the manager attaches.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/group/assignment_hooks.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

/// Prefix of all worker names.
constexpr std::string_view worker_prefix = "worker/";

} // namespace

void group_manager::attach_to_coordinator() {
  const auto coordinator = whereis(coordinator_name);
  const auto workers = whereis(worker_supervisor_name);
  const auto again = [this](const caf::error&) { attach_later(); };
  if (!coordinator || !workers) {
    again({});
    return;
  }
  send_request(
    this, coordinator, answer_within, attach_request{self()},
    [this, workers](const attached& answer) { query_workers(answer, workers); }, again);
}

void group_manager::attach_later() {
  cast_after(this, lookup_backoff_.failed(time()), attach_again{});
}

void group_manager::query_workers(const attached& answer, const caf::actor& workers) {
  send_request(
    this, workers, answer_within, which_children{},
    [this, answer](const child_list& workers_now) {
      if (stop_reason_)
        return;
      if (std::exchange(changed_while_attaching_, false)) {
        attach_to_coordinator();
        return;
      }
      attached_ = true;
      lookup_backoff_ = backoff{lookup_pauses};
      rebuild_slots(answer, workers_now);
    },
    [this](const caf::error&) { attach_later(); });
}

void group_manager::rebuild_slots(const attached& answer, const child_list& workers_now) {
  take_assignment(answer);
  clear_stale_health();
  adopt_workers(workers_now);
  restore_failures();
  if (answer.pending)
    drain_revoked(*answer.pending);
  settle_all();
  answer_seekers();
}

void group_manager::take_assignment(const attached& answer) {
  std::set<std::uint64_t> current;
  for (const auto& state : answer.states) {
    current.insert(state->number());
    slot_of(state->where()).wanted[state->where()] = state;
  }
  call_assignments_revoked(*group_, group_->hooks->take_all_but(current));
  for (const auto& state : answer.states)
    call_assignment_received(*group_, state);
}

void group_manager::clear_stale_health() {
  // Clears faults of workers whose partitions were given up while no manager lived.
  group_->health->clear(group_manager_name);
  group_->health->clear_if([this](const std::string& what) {
    return what.starts_with(worker_prefix) && !slots_.contains(what);
  });
  for (const auto& one : group_->health->report().reasons)
    if (one.state == health_state::starting && one.what.starts_with(worker_prefix))
      group_->health->clear(one.what);
}

void group_manager::adopt_workers(const child_list& workers_now) {
  for (const auto& child : workers_now.children) {
    const bool is_up = child.status == child_status::up;
    if (!is_up && child.status != child_status::starting)
      continue;
    auto& slot = slots_.try_emplace(child.id, group_->settings.worker_restarts).first->second;
    std::vector<state_ptr> leased;
    for (const auto& [where, state] : slot.wanted)
      if (state->holder() == child.process.id())
        leased.push_back(state);
    if (is_up) {
      slot.current = std::move(leased);
      watch(slot, child.process);
    } else {
      slot.began_start(++last_start_, worker_slot::outcome_source::child_list, std::move(leased));
      slot.worker = child.process;
      note_starting(child.id, slot);
    }
    // The worker holds no lease of a wanted partition, so its acknowledgements are rejected. Its
    // handler may hang, so a drain might not end.
    if (slot.current.empty())
      end_worker(slot);
  }
}

void group_manager::restore_failures() {
  // The previous manager's failure count is lost. A fault on the health board shows that the worker
  // has failed and not recovered.
  for (auto& [name, slot] : slots_)
    if (!slot.says_starting && group_->health->holds(name))
      slot.recovery.note_failure(worker_slot::snapshots(slot.wanted_states()));
}

} // namespace ottla::kafka

// The events of the group manager, and settle(), which makes each worker match. The table in
// group_manager.hpp lists the events.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/group/assignment_hooks.hpp>
#include <ottla/kafka/internal/group/drain_deadline.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/internal/health/health_messages.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto check_interval = 1s;

} // namespace

group_manager::group_manager(caf::actor_config& config, process_context context,
                             group_context_ptr group)
  : process{config, std::move(context)}, group_{std::move(group)} {}

caf::behavior group_manager::set_up() {
  if (auto* tree = tree_of(context()))
    needs_time_.emplace(tree->stop);
  on_down(this, [this](const caf::down_msg& down) {
    worker_down(down.source, to_string(to_exit_reason(down.reason)));
  });
  attach_to_coordinator();
  cast_after(this, check_interval, tick{});
  return {
    [this](const partitions_assigned& assigned) {
      if (accepts_change())
        add_assigned(assigned);
    },
    [this](const partitions_revoked& revoked) {
      if (accepts_change())
        drain_revoked(revoked);
    },
    [this](const partitions_lost& lost) {
      if (accepts_change())
        drop_lost(lost);
    },
    [this](const delayed_down& down) { worker_down(down.worker, down.why); },
    [this](const start_timer_expired& timer) {
      if (const auto found = slots_.find(timer.name); found != slots_.end())
        found->second.timer_expired();
      settle(timer.name);
    },
    [this](tick) {
      check_workers();
      cast_after(this, check_interval, tick{});
    },
    [this](const find_worker& request) { return answer_or_wait(request); },
    [this](attach_again) { attach_to_coordinator(); },
    [this](last_drain_overdue) {
      if (stop_reason_)
        stop(*stop_reason_);
    },
    [](sign_of_life) {},
  };
}

// -- events

void group_manager::add_assigned(const partitions_assigned& assigned) {
  if (stop_reason_)
    return;
  std::set<std::string> touched;
  for (const auto& state : assigned.states)
    call_assignment_received(*group_, state);
  for (const auto& state : assigned.states) {
    auto& slot = slot_of(state->where());
    slot.wanted[state->where()] = state;
    slot.earliest_start = time() + group_->settings.rebalance_delay;
    touched.insert(name_of(state->where()));
  }
  for (const auto& name : touched)
    settle(name);
}

void group_manager::drain_revoked(const partitions_revoked& revoked) {
  unanswered_revoke_ = revoked.number;
  std::set<std::string> touched;
  for (const auto& where : revoked.partitions) {
    const auto name = name_of(where);
    const auto found = slots_.find(name);
    if (found == slots_.end() || found->second.wanted.erase(where) == 0)
      continue;
    to_flush_.push_back(where);
    touched.insert(name);
  }
  for (const auto& name : touched)
    settle(name);
  answer_seekers();
  flush_when_drained();
}

void group_manager::drop_lost(const partitions_lost& lost) {
  std::set<std::string> touched;
  for (const auto& where : lost.partitions) {
    const auto name = name_of(where);
    const auto found = slots_.find(name);
    if (found == slots_.end())
      continue;
    auto& slot = found->second;
    slot.wanted.erase(where);
    touched.insert(name);
    if (std::ranges::any_of(slot.current, [&](const auto& one) { return one->where() == where; }))
      end_worker(slot);
  }
  if (const auto acknowledger = whereis(acknowledger_name))
    cast(this, acknowledger, lost);
  for (const auto& name : touched)
    settle(name);
  answer_seekers();
  call_assignments_revoked(*group_, group_->hooks->take_ended(lost.partitions));
  flush_when_drained();
}

void group_manager::worker_down(const caf::actor_addr& worker, const std::string& why) {
  // The last callback of a dead worker, which destroys its handler, must return before the handler
  // of the replacement starts. If that callback hangs, replace_hung_worker() gives up the worker.
  const bool is_current = std::ranges::any_of(
    slots_, [&](const auto& one) { return one.second.worker.address() == worker; });
  if (down_may_precede_on_exit && is_current && !has_ended(caf::actor_cast<caf::actor>(worker)))
    cast_after(this, 1ms, delayed_down{worker, why});
  else
    worker_gone(worker, why);
}

void group_manager::worker_gone(const caf::actor_addr& worker, const std::string& why) {
  const auto found = std::ranges::find_if(
    slots_, [&](const auto& one) { return one.second.worker.address() == worker; });
  if (found == slots_.end())
    return;
  // A copy, since empty_slot() may erase the slot.
  const auto name = found->first;
  // A worker that was asked to end does not count as failed. If it hung, replace_hung_worker() has
  // noted the failure.
  if (found->second.stage() == worker_stage::up)
    count_failure(name, found->second, why);
  empty_slot(name, found->second);
}

void group_manager::count_failure(const std::string& name, worker_slot& slot,
                                  const std::string& why) {
  clear_starting(name, slot);
  // The worker may have recovered since the last check. In this case the back-off starts again with
  // this failure.
  note_recovery(name, slot);
  slot.recovery.note_failure(worker_slot::snapshots(slot.current));
  if (slot.wanted.empty() || stop_reason_)
    return;
  const auto pause = slot.restarts.failed(time());
  if (pause > 0ns) {
    group_->health->note(
      health_state::degraded, name,
      fmt::format("failed {} times in a row: {}", slot.restarts.failures_in_a_row(), why));
    slot.earliest_start = std::max(slot.earliest_start, saturating_add(time(), pause));
  }
}

void group_manager::empty_slot(const std::string& name, worker_slot& slot) {
  slot.process_ended();
  settle(name);
  flush_when_drained();
}

void group_manager::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  stop_reason_ = why;
  for (auto& [name, slot] : slots_) {
    for (const auto& [where, state] : slot.wanted) {
      to_flush_.push_back(where);
      // assignments_revoked does not get this partition now. If only this process ends, the
      // partition stays assigned. If the whole group ends, the coordinator calls the hook.
      if (!state->is_given_up())
        still_assigned_.insert(where);
    }
    slot.wanted.clear();
  }
  settle_all();
  const auto drain_time
    = last_drain_time(group_->settings, time_to_end(context(), now().time_since_epoch()),
                      is_tree_stopping(context()));
  cast_after(this, drain_time, last_drain_overdue{});
  flush_when_drained();
}

void group_manager::terminated() {
  needs_time_.reset();
  slots_.clear();
  for (auto& [where, one] : std::exchange(seekers_, {}))
    one.promise.deliver(make_text_error("the group manager ended"));
}

// -- steps

void group_manager::settle(const std::string& name) {
  const auto found = slots_.find(name);
  if (found == slots_.end())
    return;
  auto& slot = found->second;
  switch (slot.next_step(time(), stop_reason_.has_value())) {
    case worker_step::none: break;
    case worker_step::drain:
      slot.began_drain();
      cast(this, slot.worker, drain{});
      break;
    case worker_step::start: start_worker(name, slot); break;
    case worker_step::set_timer: set_start_timer(name, slot); break;
    case worker_step::erase:
      slots_.erase(found);
      group_->health->clear(name);
      break;
  }
}

void group_manager::settle_all() {
  // Copies the names, since settle() may erase a slot.
  std::vector<std::string> names;
  for (const auto& [name, slot] : slots_)
    names.push_back(name);
  for (const auto& name : names)
    settle(name);
}

void group_manager::set_start_timer(const std::string& name, worker_slot& slot) {
  note_starting(name, slot);
  slot.timer_set();
  cast_after(this, slot.earliest_start - time(), start_timer_expired{name});
}

void group_manager::watch(worker_slot& slot, const caf::actor& worker) {
  slot.came_up(worker);
  start_watching(this, worker);
}

void group_manager::end_worker(worker_slot& slot) {
  const auto workers = whereis(worker_supervisor_name);
  if (!slot.worker || slot.stage() == worker_stage::ending || !workers)
    return;
  slot.began_end();
  // No DOWN reports a worker that hangs. The supervisor answers after it has fenced off the worker.
  const auto done = [this, who = slot.worker.address()] { worker_gone(who, ""); };
  send_request(
    this, workers, infinity, terminate_child{.process = slot.worker},
    [done](const child_result&) { done(); }, [done](const caf::error&) { done(); });
}

void group_manager::note_recovery(const std::string& name, worker_slot& slot) {
  if (!slot.recovery.is_pending()
      || !slot.recovery.recovers(worker_slot::snapshots(slot.current), time(),
                                 group_->settings.worker_restarts.healthy_after))
    return;
  slot.restarts = backoff{group_->settings.worker_restarts};
  group_->health->clear(name);
}

// -- names of slots

std::string group_manager::name_of(const topic_partition& where) const {
  return group_->settings.allocation == worker_allocation::per_partition
           ? worker_name(where.partition)
           : worker_name(where);
}

worker_slot& group_manager::slot_of(const topic_partition& where) {
  return slots_.try_emplace(name_of(where), group_->settings.worker_restarts).first->second;
}

bool group_manager::wants(const topic_partition& where) const {
  const auto found = slots_.find(name_of(where));
  return found != slots_.end() && found->second.wanted.contains(where);
}

} // namespace ottla::kafka

// The part of the group manager that replaces and ends workers. The models are
// Elsa.Group.Manager.WorkerManager, and Kaffe's WorkerManager and WorkerSupervisor.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

} // namespace

std::string group_manager::name_of(const topic_partition& where) const {
  return group_->settings.allocation == worker_allocation::per_partition
           ? worker_name(where.partition)
           : worker_name(where);
}

worker_slot& group_manager::slot_of(const topic_partition& where) {
  return slots_.try_emplace(name_of(where), group_->settings.worker_restarts).first->second;
}

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
    case worker_step::start: start(name, slot); break;
    case worker_step::wait: wait(name, slot); break;
    case worker_step::erase:
      slots_.erase(found);
      group_->health->clear(name);
      break;
  }
}

void group_manager::failed(const std::string& name, const std::string& why) {
  auto& slot = slots_.at(name);
  clear_starting(name, slot);
  // The worker may have recovered since the last check. In this case the back-off starts again with
  // this failure.
  note_recovery(name, slot);
  slot.recovery.failed(worker_slot::snapshots(slot.current));
  if (!slot.wanted.empty() && !stop_reason_) {
    const auto pause = slot.restarts.failed(time());
    if (pause > 0ns) {
      group_->health->note(
        health_state::degraded, name,
        fmt::format("failed {} times in a row: {}", slot.restarts.failures_in_a_row(), why));
      slot.not_before = std::max(slot.not_before, saturating_add(time(), pause));
    }
  }
  ended(name, slot);
}

void group_manager::wait(const std::string& name, worker_slot& one) {
  note_starting(name, one);
  one.began_wait();
  cast_after(this, one.not_before - time(), start_worker{name});
}

void group_manager::watch(worker_slot& of, const caf::actor& worker) {
  of.came_up(worker);
  start_watching(this, worker);
}

void group_manager::died(const worker_died& what) {
  // The last callback of a dead worker, which destroys its handler, must return before the handler
  // of the replacement starts. If that callback hangs, replace_hung_worker() gives up the worker.
  const bool is_current = std::ranges::any_of(
    slots_, [&](const auto& one) { return one.second.worker.address() == what.worker; });
  if (down_may_precede_on_exit && is_current
      && !has_ended(caf::actor_cast<caf::actor>(what.worker)))
    cast_after(this, 1ms, what);
  else
    gone(what.worker, what.why);
}

void group_manager::gone(const caf::actor_addr& worker, const std::string& why) {
  const auto found = std::ranges::find_if(
    slots_, [&](const auto& one) { return one.second.worker.address() == worker; });
  if (found == slots_.end())
    return;
  // A copy, since the slot may be erased.
  const auto name = found->first;
  if (found->second.stage() == worker_stage::up)
    failed(name, why);
  else
    ended(name, found->second);
}

void group_manager::ended(const std::string& name, worker_slot& one) {
  one.ended();
  settle(name);
  flush_when_drained();
}

void group_manager::end_worker(worker_slot& of) {
  const auto workers = whereis(worker_supervisor_name);
  if (!of.worker || of.stage() == worker_stage::ending || !workers)
    return;
  of.began_end();
  // No DOWN reports a worker that hangs. The supervisor answers after it has fenced off the worker.
  const auto done = [this, who = of.worker.address()] { gone(who, ""); };
  send_request(
    this, workers, infinity, terminate_child{.process = of.worker},
    [done](const child_result&) { done(); }, [done](const caf::error&) { done(); });
}

void group_manager::check_workers() {
  std::vector<std::string> hanging;
  for (auto& [name, slot] : slots_) {
    // Includes draining workers, because a drain for an added partition has no other deadline.
    if (slot.stage() != worker_stage::up && slot.stage() != worker_stage::draining)
      continue;
    if (hangs(slot))
      hanging.push_back(name);
    else if (slot.stage() == worker_stage::up)
      note_recovery(name, slot);
  }
  for (const auto& name : hanging)
    replace_hung_worker(name, slots_.at(name));
  check_pending_starts();
}

void group_manager::note_recovery(const std::string& name, worker_slot& one) {
  if (!one.recovery.is_pending()
      || !one.recovery.recovers(worker_slot::snapshots(one.current), time(),
                                group_->settings.worker_restarts.healthy_after))
    return;
  one.restarts = backoff{group_->settings.worker_restarts};
  group_->health->clear(name);
}

caf::result<worker_found> group_manager::find(const find_worker& request) {
  if (const auto known = worker_of(request.where))
    return *known;
  auto promise = make_response_promise();
  seekers_.emplace(request.where, promise);
  return promise;
}

std::optional<worker_found> group_manager::worker_of(const topic_partition& where) const {
  if (!attached_)
    return std::nullopt;
  const auto found = slots_.find(name_of(where));
  if (found == slots_.end() || !found->second.wanted.contains(where))
    return worker_found{};
  return found->second.stage() == worker_stage::up
           ? std::optional{worker_found{found->second.worker}}
           : std::nullopt;
}

void group_manager::answer_seekers() {
  for (auto one = seekers_.begin(); one != seekers_.end();)
    if (const auto known = worker_of(one->first)) {
      one->second.deliver(*known);
      one = seekers_.erase(one);
    } else {
      ++one;
    }
}

} // namespace ottla::kafka

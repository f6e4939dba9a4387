// The part of the group manager that starts, adopts, replaces and ends workers. The models are
// Elsa.Group.Manager.WorkerManager, and Kaffe's WorkerManager and WorkerSupervisor.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/internal/group/worker.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto did_not_start = "the worker did not start";

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

void group_manager::start(const std::string& name, worker_slot& one) {
  const auto workers = whereis(worker_supervisor_name);
  if (!workers) {
    one.not_before = time() + absences_.failed(time());
    wait(name, one);
    return;
  }
  note_starting(name, one);
  one.current = one.wanted_states();
  one.began_start(++starts_, worker_slot::start_answer::to_this_manager);
  child_spec spec{.id = name,
                  .start = ottla::start<worker>(group_, one.current, one.first_turn()),
                  // This manager replaces a dead worker, and the supervisor does not.
                  .restart = restart_policy::temporary,
                  // A drain has its own deadline. A worker that exceeds this time limit hangs.
                  .shutdown = shutdown_policy::at_most(std::chrono::seconds{1}),
                  .name = name,
                  .run_as = group_->settings.run_as};
  // Has no deadline, since check_starts() finds a handler whose start() exceeds handle_within.
  call(
    this, workers, infinity, start_child{std::move(spec)},
    [this, name, number = one.start_number](const child_result& answer) {
      start_ended(name, number, outcome_of(answer));
    },
    [this, name, number = one.start_number](const caf::error&) {
      start_ended(name, number, {.why_not = did_not_start, .may_exist = true});
    });
}

bool group_manager::awaits(const std::string& name, std::uint64_t start_number) const {
  const auto slot = slots_.find(name);
  return slot != slots_.end() && slot->second.stage() == worker_stage::starting
         && slot->second.start_number == start_number;
}

group_manager::start_outcome group_manager::outcome_of(const child_result& answer) {
  if (answer && answer.process)
    return {.worker = answer.process};
  if (answer)
    return {.why_not = "the worker's partitions were given up"}; // the worker ignored its start
  // If the answer has a process, that process has the worker's name. The previous manager may have
  // started this process.
  return {.why_not = answer.text, .may_exist = static_cast<bool>(answer.process)};
}

void group_manager::start_ended(const std::string& name, std::uint64_t start_number,
                                const start_outcome& how) {
  if (!awaits(name, start_number))
    return;
  if (how.worker)
    started(name, how.worker);
  else if (how.may_exist)
    ask_whether_started(name, how.why_not);
  else
    failed(name, how.why_not);
}

void group_manager::ask_whether_started(const std::string& name, const std::string& why) {
  const auto number = slots_.at(name).start_number;
  const auto unknown = [this, name, number] {
    start_ended(name, number, {.why_not = "the worker supervisor does not answer"});
  };
  const auto workers = whereis(worker_supervisor_name);
  if (!workers) {
    unknown();
    return;
  }
  call(
    this, workers, answer_within, which_children{},
    [this, name, why, number](const child_list& workers_now) {
      if (!awaits(name, number))
        return;
      auto& slot = slots_.at(name);
      slot.answer_comes_here = false;
      const auto found = std::ranges::find_if(workers_now.children, [&](const auto& child) {
        return child.id == name && child.status == child_status::up;
      });
      if (found != workers_now.children.end())
        std::erase_if(slot.current,
                      [&](const state_ptr& one) { return one->holder() != found->process.id(); });
      check_start(name, workers_now, why);
    },
    [unknown](const caf::error&) { unknown(); });
}

void group_manager::started(const std::string& name, const caf::actor& worker) {
  auto& slot = slots_.at(name);
  clear_starting(name, slot);
  watch(slot, worker);
  settle(name);
  answer_seekers();
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
  call(
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
  check_starts();
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

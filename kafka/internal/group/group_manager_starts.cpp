// The part of the group manager that starts workers. The outcome of a start arrives in one of four
// ways:
//
//   1. The usual way: the worker supervisor answers start_child when the handler's start() is over.
//      start_answered() reads the answer.
//   2. The answer is lost, because the supervisor ended. Or the answer says that the child exists
//      already or that its name is taken. query_outcome() asks the supervisor for its children.
//   3. The answer goes to an earlier manager, which sent start_child before it ended.
//      check_pending_starts() asks the supervisor for its children at each check of the workers.
//   4. A list of children shows a worker that is still starting, although its partitions were given
//      up or its start() has exceeded handle_within. check_start_time() ends the worker.
//
// Ways 1 to 3 lead to started() or failed(), way 4 leads to gone(). take_outcome() reads the lists
// of children. A list decides a start only if no answer will come: worker_slot::outcome_from.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/internal/group/worker.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto did_not_start = "the worker did not start";

} // namespace

void group_manager::start(const std::string& name) {
  auto& slot = slots_.at(name);
  note_starting(name, slot);
  if (time() < slot.not_before) {
    wait(name, slot);
    return;
  }
  const auto workers = whereis(worker_supervisor_name);
  if (!workers) {
    slot.not_before = time() + absences_.failed(time());
    wait(name, slot);
    return;
  }
  slot.current = slot.wanted_states();
  begin_start(slot, worker_slot::outcome_source::start_answer);
  child_spec spec{.id = name,
                  .start = ottla::start<worker>(group_, slot.current, slot.first_turn()),
                  // This manager replaces a dead worker, and the supervisor does not.
                  .restart = restart_policy::temporary,
                  // A drain has its own deadline. A worker that exceeds this time limit hangs.
                  .shutdown = shutdown_policy::at_most(std::chrono::seconds{1}),
                  .name = name,
                  .run_as = group_->settings.run_as};
  // Has no deadline, since check_start_time() finds a handler whose start() exceeds handle_within.
  call(
    this, workers, infinity, start_child{std::move(spec)},
    [this, name, workers, number = slot.start_number](const child_result& answer) {
      if (is_pending(name, number))
        start_answered(name, workers, answer);
    },
    [this, name, workers, number = slot.start_number](const caf::error&) {
      if (is_pending(name, number))
        query_outcome(name, workers, did_not_start);
    });
}

void group_manager::begin_start(worker_slot& of, worker_slot::outcome_source from) {
  of.stage = worker_stage::starting;
  of.worker = {};
  of.start_number = ++starts_;
  of.outcome_from = from;
  of.in_start_since.reset();
}

bool group_manager::is_pending(const std::string& name, std::uint64_t start_number) const {
  const auto slot = slots_.find(name);
  return slot != slots_.end() && slot->second.stage == worker_stage::starting
         && slot->second.start_number == start_number;
}

void group_manager::start_answered(const std::string& name, const caf::actor& workers,
                                   const child_result& answer) {
  const bool was_started = answer && answer.process;
  const bool was_ignored = answer && !answer.process;
  // The child exists already, or another process has its name.
  const bool is_taken = !answer && answer.process;
  if (was_started)
    started(name, answer.process);
  else if (was_ignored)
    failed(name, "the worker's partitions were given up");
  else if (is_taken)
    query_outcome(name, workers, answer.text);
  else
    failed(name, answer.text);
}

void group_manager::query_outcome(const std::string& name, const caf::actor& workers,
                                  const std::string& why) {
  // The worker may exist already, started by the previous manager.
  call(
    this, workers, answer_within, which_children{},
    [this, name, why, number = slots_.at(name).start_number](const child_list& workers_now) {
      if (!is_pending(name, number))
        return;
      auto& slot = slots_.at(name);
      slot.outcome_from = worker_slot::outcome_source::child_list;
      const auto found = std::ranges::find_if(workers_now.children, [&](const auto& child) {
        return child.id == name && child.status == child_status::up;
      });
      if (found != workers_now.children.end())
        std::erase_if(slot.current,
                      [&](const state_ptr& one) { return one->holder() != found->process.id(); });
      take_outcome(name, workers_now, why);
    },
    [this, name, number = slots_.at(name).start_number](const caf::error&) {
      if (is_pending(name, number))
        failed(name, "the worker supervisor does not answer");
    });
}

void group_manager::check_pending_starts() {
  const auto workers = whereis(worker_supervisor_name);
  const bool some_start = std::ranges::any_of(
    slots_, [](const auto& one) { return one.second.stage == worker_stage::starting; });
  if (!workers || !some_start || std::exchange(is_checking_starts_, true))
    return;
  call(
    this, workers, answer_within, which_children{},
    [this, last = starts_](const child_list& workers_now) {
      is_checking_starts_ = false;
      std::vector<std::string> names;
      for (const auto& [name, slot] : slots_)
        // The answer does not include starts after the request.
        if (slot.stage == worker_stage::starting && slot.start_number <= last)
          names.push_back(name);
      for (const auto& name : names)
        take_outcome(name, workers_now, did_not_start);
    },
    [this](const caf::error&) { is_checking_starts_ = false; });
}

void group_manager::take_outcome(const std::string& name, const child_list& workers_now,
                                 const std::string& why) {
  const auto known = slots_.find(name);
  if (known == slots_.end() || known->second.stage != worker_stage::starting)
    return;
  auto& slot = known->second;
  const auto child = std::ranges::find_if(workers_now.children, [&](const auto& one) {
    return one.id == name
           && (one.status == child_status::up || one.status == child_status::starting);
  });
  const bool exists = child != workers_now.children.end();
  if (exists && child->status == child_status::starting) {
    slot.worker = child->process;
    check_start_time(name, slot);
    return;
  }
  if (slot.outcome_from == worker_slot::outcome_source::start_answer)
    return; // start_answered() will decide.
  if (exists)
    started(name, child->process);
  else
    failed(name, why);
}

void group_manager::started(const std::string& name, const caf::actor& worker) {
  const auto found = slots_.find(name);
  if (found == slots_.end() || found->second.stage != worker_stage::starting)
    return;
  clear_starting(name, found->second);
  watch(found->second, worker);
  settle(name);
  answer_seekers();
}

void group_manager::check_start_time(const std::string& name, worker_slot& one) {
  if (std::ranges::any_of(one.current, &partition_state::is_given_up)) {
    end_worker(one);
    return;
  }
  // A worker without leases still waits for a thread: its handler's start() has not begun.
  const bool has_begun = std::ranges::any_of(
    one.current, [&](const state_ptr& state) { return state->holder() == one.worker.id(); });
  if (!has_begun || group_->settings.handle_within == 0ms)
    return;
  one.in_start_since = one.in_start_since.value_or(time());
  if (time() - *one.in_start_since
      >= saturate<std::chrono::nanoseconds>(group_->settings.handle_within))
    replace_hung_start(name, one);
}

void group_manager::replace_hung_start(const std::string& name, worker_slot& one) {
  std::vector<std::string> partitions;
  for (const auto& state : one.current) {
    state->end_lease();
    partitions.push_back(to_string(state->where()));
  }
  const error what{
    .code = errc::timed_out,
    .retriable = true,
    .text = fmt::format("{}: the handler has been in start() for more than {}ms; replacing the "
                        "worker",
                        fmt::join(partitions, ", "), group_->settings.handle_within.count())};
  one.says_starting = false;
  group_->health->note(health_state::stalled, name, what.text);
  group_->observer->failed(what);
  one.recovery.failed(worker_slot::snapshots(one.current));
  end_worker(one);
}

void group_manager::note_starting(const std::string& name, worker_slot& one) {
  // A note about earlier failures is more useful, so it stays.
  if (one.says_starting || group_->health->holds(name))
    return;
  one.says_starting = true;
  group_->health->note(health_state::starting, name, "the worker is starting");
}

void group_manager::clear_starting(const std::string& name, worker_slot& one) {
  if (std::exchange(one.says_starting, false))
    group_->health->clear(name);
}

} // namespace ottla::kafka

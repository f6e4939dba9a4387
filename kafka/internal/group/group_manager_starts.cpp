// The part of the group manager that starts workers. The outcome of a start arrives in one of four
// ways:
//
//   1. The usual way: the worker supervisor answers start_child when the handler's start() is over.
//      outcome_of() reads the answer.
//   2. The answer is lost, because the supervisor ended. Or the answer says that the worker's name
//      is taken. query_outcome() asks the supervisor for its children.
//   3. The answer goes to an earlier manager, which sent start_child before it ended.
//      check_pending_starts() asks the supervisor for its children at each check of the workers.
//   4. A list of children shows a worker that is still starting, although its partitions were given
//      up or its start() has exceeded handle_within. check_start_time() ends the worker.
//
// Ways 1 to 3 lead to handle_outcome(), way 4 leads to worker_gone(). take_outcome() reads the
// lists of children. A list decides a start only if no answer will come: worker_slot::outcome_from.

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

void group_manager::start_worker(const std::string& name, worker_slot& slot) {
  const auto workers = whereis(worker_supervisor_name);
  if (!workers) {
    slot.earliest_start = time() + lookup_backoff_.failed(time());
    set_start_timer(name, slot);
    return;
  }
  note_starting(name, slot);
  slot.began_start(++last_start_, worker_slot::outcome_source::start_answer, slot.wanted_states());
  child_spec spec{.id = name,
                  .start = ottla::start<worker>(group_, slot.current, slot.first_turn()),
                  // This manager replaces a dead worker, and the supervisor does not.
                  .restart = restart_policy::temporary,
                  // A drain has its own deadline. A worker that exceeds this time limit hangs.
                  .shutdown = shutdown_policy::at_most(std::chrono::seconds{1}),
                  .name = name,
                  .run_as = group_->settings.run_as};
  // Has no deadline, since check_start_time() finds a handler whose start() exceeds handle_within.
  send_request(
    this, workers, infinity, start_child{std::move(spec)},
    [this, name, number = slot.start_number](const child_result& answer) {
      handle_outcome(name, number, outcome_of(answer));
    },
    [this, name, number = slot.start_number](const caf::error&) {
      handle_outcome(name, number, {.why_not = did_not_start, .may_exist = true});
    });
}

bool group_manager::is_pending(const std::string& name, std::uint64_t start_number) const {
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

void group_manager::handle_outcome(const std::string& name, std::uint64_t start_number,
                                   const start_outcome& how) {
  if (!is_pending(name, start_number))
    return;
  if (how.worker) {
    worker_up(name, how.worker);
  } else if (how.may_exist) {
    query_outcome(name, how.why_not);
  } else {
    auto& slot = slots_.at(name);
    count_failure(name, slot, how.why_not);
    empty_slot(name, slot);
  }
}

void group_manager::query_outcome(const std::string& name, const std::string& why) {
  const auto number = slots_.at(name).start_number;
  const auto unknown = [this, name, number] {
    handle_outcome(name, number, {.why_not = "the worker supervisor does not answer"});
  };
  const auto workers = whereis(worker_supervisor_name);
  if (!workers) {
    unknown();
    return;
  }
  send_request(
    this, workers, answer_within, which_children{},
    [this, name, why, number](const child_list& workers_now) {
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
    [unknown](const caf::error&) { unknown(); });
}

void group_manager::check_pending_starts() {
  const auto workers = whereis(worker_supervisor_name);
  const bool some_start = std::ranges::any_of(
    slots_, [](const auto& one) { return one.second.stage() == worker_stage::starting; });
  if (!workers || !some_start || std::exchange(is_checking_starts_, true))
    return;
  send_request(
    this, workers, answer_within, which_children{},
    [this, last = last_start_](const child_list& workers_now) {
      is_checking_starts_ = false;
      std::vector<std::string> names;
      for (const auto& [name, slot] : slots_)
        // The answer does not include starts after the request.
        if (slot.stage() == worker_stage::starting && slot.start_number <= last)
          names.push_back(name);
      for (const auto& name : names)
        take_outcome(name, workers_now, did_not_start);
    },
    [this](const caf::error&) { is_checking_starts_ = false; });
}

void group_manager::take_outcome(const std::string& name, const child_list& workers_now,
                                 const std::string& why) {
  const auto known = slots_.find(name);
  if (known == slots_.end() || known->second.stage() != worker_stage::starting)
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
    return; // the answer decides
  if (exists)
    handle_outcome(name, slot.start_number, {.worker = child->process});
  else
    handle_outcome(name, slot.start_number, {.why_not = why});
}

void group_manager::worker_up(const std::string& name, const caf::actor& worker) {
  auto& slot = slots_.at(name);
  clear_starting(name, slot);
  watch(slot, worker);
  settle(name);
  answer_seekers();
}

void group_manager::check_start_time(const std::string& name, worker_slot& slot) {
  if (std::ranges::any_of(slot.current, &partition_state::is_given_up)) {
    end_worker(slot);
    return;
  }
  // A worker without leases still waits for a thread: its handler's start() has not begun.
  const bool has_begun = std::ranges::any_of(
    slot.current, [&](const state_ptr& state) { return state->holder() == slot.worker.id(); });
  if (!has_begun || group_->settings.handle_within == 0ms)
    return;
  slot.in_start_since = slot.in_start_since.value_or(time());
  if (time() - *slot.in_start_since
      >= saturate<std::chrono::nanoseconds>(group_->settings.handle_within))
    replace_hung_start(name, slot);
}

void group_manager::replace_hung_start(const std::string& name, worker_slot& slot) {
  std::vector<std::string> partitions;
  for (const auto& state : slot.current) {
    state->end_lease();
    partitions.push_back(to_string(state->where()));
  }
  const error what{
    .code = errc::timed_out,
    .retriable = true,
    .text = fmt::format("{}: the handler has been in start() for more than {}ms; replacing the "
                        "worker",
                        fmt::join(partitions, ", "), group_->settings.handle_within.count())};
  slot.says_starting = false;
  group_->health->note(health_state::stalled, name, what.text);
  group_->observer->failed(what);
  slot.recovery.note_failure(worker_slot::snapshots(slot.current));
  end_worker(slot);
}

void group_manager::note_starting(const std::string& name, worker_slot& slot) {
  // A note about earlier failures is more useful, so it stays.
  if (slot.says_starting || group_->health->holds(name))
    return;
  slot.says_starting = true;
  group_->health->note(health_state::starting, name, "the worker is starting");
}

void group_manager::clear_starting(const std::string& name, worker_slot& slot) {
  if (std::exchange(slot.says_starting, false))
    group_->health->clear(name);
}

} // namespace ottla::kafka

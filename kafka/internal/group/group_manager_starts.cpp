// The part of the group manager that watches workers whose handlers are in start(). Only
// handle_within limits the time of a start().

#include <ottla/kafka/internal/group/group_manager.hpp>
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

} // namespace

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

void group_manager::check_starts() {
  const auto workers = whereis(worker_supervisor_name);
  const bool some_start = std::ranges::any_of(
    slots_, [](const auto& one) { return one.second.stage() == worker_stage::starting; });
  if (!workers || !some_start || std::exchange(is_checking_starts_, true))
    return;
  call(
    this, workers, answer_within, which_children{},
    [this, last = starts_](const child_list& workers_now) {
      is_checking_starts_ = false;
      std::vector<std::string> names;
      for (const auto& [name, slot] : slots_)
        // The answer does not include starts after the request.
        if (slot.stage() == worker_stage::starting && slot.start_number <= last)
          names.push_back(name);
      for (const auto& name : names)
        check_start(name, workers_now, "the worker did not start");
    },
    [this](const caf::error&) { is_checking_starts_ = false; });
}

void group_manager::check_start(const std::string& name, const child_list& workers_now,
                                const std::string& why) {
  const auto known = slots_.find(name);
  if (known == slots_.end() || known->second.stage() != worker_stage::starting)
    return;
  auto& slot = known->second;
  const auto found = std::ranges::find_if(workers_now.children, [&](const auto& child) {
    return child.id == name
           && (child.status == child_status::up || child.status == child_status::starting);
  });
  if (found == workers_now.children.end()) {
    if (!slot.answer_comes_here)
      start_ended(name, slot.start_number, {.why_not = why});
    return;
  }
  if (found->status == child_status::up) {
    if (!slot.answer_comes_here)
      start_ended(name, slot.start_number, {.worker = found->process});
    return;
  }
  slot.worker = found->process;
  if (std::ranges::any_of(slot.current, &partition_state::is_given_up)) {
    end_worker(slot);
    return;
  }
  // A worker without leases still waits for a thread: its handler's start() has not begun.
  const bool has_begun = std::ranges::any_of(
    slot.current, [&](const state_ptr& one) { return one->holder() == slot.worker.id(); });
  if (!has_begun || group_->settings.handle_within == 0ms)
    return;
  slot.in_start_since = slot.in_start_since.value_or(time());
  if (time() - *slot.in_start_since
      >= saturate<std::chrono::nanoseconds>(group_->settings.handle_within))
    replace_hung_start(name, slot);
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

} // namespace ottla::kafka

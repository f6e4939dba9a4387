// The part of the group manager that checks its workers once a second. It finds workers that have
// recovered from a failure, and replaces workers whose handlers hang in handle() or in their
// destructors. check_start_time() in group_manager_starts.cpp finds handlers that hang in start().

#include <ottla/kafka/internal/group/group_manager.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

} // namespace

void group_manager::check_workers() {
  std::vector<std::string> hanging;
  for (auto& [name, slot] : slots_) {
    // Includes draining workers, because a drain for an added partition has no other deadline.
    if (slot.stage() != worker_stage::up && slot.stage() != worker_stage::draining)
      continue;
    const auto busy_since = slot.note_work(time());
    if (busy_since && is_overdue(slot, *busy_since))
      hanging.push_back(name);
    else if (slot.stage() == worker_stage::up)
      note_recovery(name, slot);
  }
  for (const auto& name : hanging)
    replace_hung_worker(name, slots_.at(name));
  check_pending_starts();
  expire_seekers();
}

bool group_manager::is_overdue(const worker_slot& slot, std::chrono::nanoseconds since) {
  if (group_->settings.handle_within == 0ms)
    return false;
  const auto limit = saturate<std::chrono::nanoseconds>(group_->settings.handle_within);
  if (const auto handler = group_->handler_answers->handler_of(slot.worker.id()))
    return handler_process_answers::is_overdue(*handler, since, time(), limit);
  return time() - since >= limit;
}

void group_manager::replace_hung_worker(const std::string& name, worker_slot& slot) {
  note_recovery(name, slot);
  slot.note_failed_partition();
  const auto report = [&](const std::string& text) {
    group_->health->note(health_state::stalled, name, text);
    group_->observer->failed({.code = errc::timed_out, .retriable = true, .text = text});
  };
  const auto limit = group_->settings.handle_within.count();
  bool has_batch = false;
  auto snapshots = worker_slot::snapshots(slot.current);
  for (std::size_t index = 0; index < snapshots.size(); ++index) {
    const auto& state = slot.current[index];
    const auto batch = state->in_hand();
    state->end_lease();
    // Read after end_lease(), so that no acknowledgement can follow.
    snapshots[index].acknowledged = state->next_to_commit();
    if (!batch)
      continue;
    has_batch = true;
    report(fmt::format(
      "{}: the handler has held the {} {} for more than {}ms; replacing the worker",
      to_string(state->where()), batch->message ? "message at offset" : "batch from offset",
      batch->message.value_or(batch->first), limit));
  }
  if (!has_batch)
    report(fmt::format("{}: the handler has not been destroyed for more than {}ms after its last "
                       "batch; replacing the worker",
                       to_string(slot.current.front()->where()), limit));
  slot.recovery.note_failure(snapshots);
  end_worker(slot);
}

} // namespace ottla::kafka

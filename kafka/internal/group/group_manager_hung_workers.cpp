// The part of the group manager that finds workers whose handlers hang, and replaces them.

#include <ottla/kafka/internal/group/group_manager.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

} // namespace

bool group_manager::hangs(worker_slot& one) {
  if (group_->settings.handle_within == 0ms)
    return false;
  for (const auto& state : one.current) {
    const auto batch = state->holder() == one.worker.id() ? state->in_hand() : std::nullopt;
    if (!batch)
      continue;
    const worker_slot::work seen{state->number(), batch->number, batch->message.value_or(-1)};
    if (seen != one.work_seen) {
      one.work_seen = seen;
      one.seen_since = time();
    }
    const auto limit = saturate<std::chrono::nanoseconds>(group_->settings.handle_within);
    if (const auto handler = group_->handler_answers->handler_of(one.worker.id()))
      return handler_process_answers::is_overdue(*handler, one.seen_since, time(), limit);
    return time() - one.seen_since >= limit;
  }
  if (one.work_seen != worker_slot::work{} || one.stage() != worker_stage::draining) {
    one.work_seen = {};
    one.seen_since = time();
  }
  // A draining worker without a batch has only to destroy its handler.
  return one.stage() == worker_stage::draining
         && time() - one.seen_since
              >= saturate<std::chrono::nanoseconds>(group_->settings.handle_within);
}

void group_manager::replace_hung_worker(const std::string& name, worker_slot& one) {
  note_recovery(name, one);
  one.note_failed_partition();
  const auto report = [&](const std::string& text) {
    group_->health->note(health_state::stalled, name, text);
    group_->observer->failed({.code = errc::timed_out, .retriable = true, .text = text});
  };
  const auto limit = group_->settings.handle_within.count();
  bool has_batch = false;
  auto snapshots = worker_slot::snapshots(one.current);
  for (std::size_t index = 0; index < snapshots.size(); ++index) {
    const auto& state = one.current[index];
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
                       name, limit));
  one.recovery.failed(snapshots);
  end_worker(one);
}

} // namespace ottla::kafka

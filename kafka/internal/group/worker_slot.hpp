#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>
#include <ottla/kafka/internal/group/worker_recovery.hpp>
#include <ottla/supervision/backoff.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// The stages of a worker's life, as the group manager sees them.
enum class worker_stage : std::uint8_t {
  none,
  starting,
  up,
  /// The worker was asked to end. It finishes its current batch, or only the current message if
  /// the handler is a message_handler.
  draining,
  /// The worker hangs, or its leases are over. The supervisor ends the worker.
  ending,
};

/// What the group manager does next for one worker.
enum class worker_step : std::uint8_t {
  none,
  /// The process does not have the wanted partitions. Ask it to end.
  drain,
  /// Start a process with the wanted partitions.
  start,
  /// Set a timer for `earliest_start`, and start a process when the timer expires.
  set_timer,
  /// No partition is wanted and no process is left. Remove the slot.
  erase,
};

/// Decides what happens with one worker. Holds the partitions that the worker should have, and the
/// partitions that the current process has. If the two differ, the process ends and a replacement
/// starts, since the partitions of a process never change.
///
/// The group manager uses a slot in three ways:
/// - It states its intent: `wanted`, `earliest_start`, `restarts` and `recovery`.
/// - It calls next_step() and carries out the step.
/// - It reports what happened to the process, by the functions from began_start() to
///   process_ended(). Only these functions change the stage.
///
/// Times count from any fixed point.
class worker_slot {
public:
  explicit worker_slot(const backoff_settings& settings) : restarts{settings} {}

  worker_stage stage() const noexcept { return stage_; }

  /// `stopping`: the group manager ends, so no worker starts.
  worker_step next_step(std::chrono::nanoseconds now, bool stopping) const {
    if (stage_ == worker_stage::up && !is_up_to_date())
      return worker_step::drain;
    if (stage_ != worker_stage::none)
      return worker_step::none;
    if (wanted.empty())
      return worker_step::erase;
    if (timer_is_set_ || stopping)
      return worker_step::none;
    return now < earliest_start ? worker_step::set_timer : worker_step::start;
  }

  /// A timer for `earliest_start` is set. No worker starts until the timer expires.
  void timer_set() noexcept { timer_is_set_ = true; }
  void timer_expired() noexcept { timer_is_set_ = false; }

  /// Where the manager learns the outcome of a start, see group_manager_starts.cpp.
  enum class outcome_source : std::uint8_t {
    /// The worker supervisor's answer to start_child.
    start_answer,
    /// The worker supervisor's list of children, since no answer will come.
    child_list,
  };
  /// A process starts with the partitions in `states`. `number` identifies this start.
  void began_start(std::uint64_t number, outcome_source from, std::vector<state_ptr> states) {
    stage_ = worker_stage::starting;
    current = std::move(states);
    worker = {};
    start_number = number;
    outcome_from = from;
    in_start_since.reset();
  }
  void came_up(const caf::actor& process) {
    stage_ = worker_stage::up;
    worker = process;
    work_seen_ = {};
  }
  void began_drain() noexcept { stage_ = worker_stage::draining; }
  /// The supervisor was asked to end the worker.
  void began_end() noexcept { stage_ = worker_stage::ending; }
  /// No process is left: the worker has ended, or its start has failed.
  void process_ended() {
    // A worker that crashed, also during its drain, has an unfinished batch.
    note_failed_partition();
    stage_ = worker_stage::none;
    worker = {};
    current.clear();
  }

  // -- what the group manager intends

  /// States of the partitions that the process should have.
  std::map<topic_partition, state_ptr> wanted;
  /// Earliest time for the next start: after rebalance_delay, and after the back-off.
  std::chrono::nanoseconds earliest_start{};
  backoff restarts;
  worker_recovery recovery;
  /// The health report shows this worker as starting.
  bool says_starting = false;

  // -- the current process

  /// States of the partitions that the process was started with. Empty without a process. If the
  /// start was not this manager's, the manager sets `current` and `worker` from the worker
  /// supervisor's list of children.
  std::vector<state_ptr> current;
  /// Null until the manager knows the process.
  caf::actor worker = {};

  // -- the last start, see group_manager_starts.cpp

  /// Number of the last start. Answers to earlier starts may arrive late.
  std::uint64_t start_number = 0;
  outcome_source outcome_from = outcome_source::child_list;
  /// When the handler's start() was first seen running.
  std::optional<std::chrono::nanoseconds> in_start_since;

  // -- the previous processes

  /// The partition at which a worker ended most recently. The worker was handling a batch of this
  /// partition, or the driver reported a failure of the partition. The replacement starts with the
  /// other partitions, so that a partition that ends every worker does not block them.
  std::optional<topic_partition> failed_at;

  /// The process has exactly the wanted partitions, in their current assignments.
  bool is_up_to_date() const {
    return !wanted.empty() && current.size() == wanted.size()
           && std::ranges::all_of(current, [this](const state_ptr& one) {
                const auto found = wanted.find(one->where());
                return found != wanted.end() && found->second == one;
              });
  }

  /// Notes which batch or message the worker is handling now. The end of its
  /// handler is work too. Returns the time at which this function first saw the present work.
  /// Returns nullopt if the worker has no work.
  std::optional<std::chrono::nanoseconds> note_work(std::chrono::nanoseconds now) {
    const auto seen = current_work();
    if (!seen) {
      work_seen_.reset();
      return std::nullopt;
    }
    if (seen != work_seen_) {
      work_seen_ = seen;
      seen_since_ = now;
    }
    return seen_since_;
  }

  void note_failed_partition() {
    for (const auto& state : current)
      if (state->in_hand() || state->has_failed())
        failed_at = state->where();
  }

  /// Index in `current` of the partition that a new worker handles first. The index selects the
  /// partition after `failed_at`, or else the first partition.
  std::size_t first_turn() const {
    if (!failed_at)
      return 0;
    const auto next = std::ranges::find_if(
      current, [this](const state_ptr& one) { return one->where() > *failed_at; });
    return next == current.end() ? 0 : static_cast<std::size_t>(next - current.begin());
  }

  static std::vector<worker_recovery::snapshot> snapshots(const std::vector<state_ptr>& of) {
    std::vector<worker_recovery::snapshot> all;
    for (const auto& state : of) {
      const auto now = state->activity_now();
      all.push_back({.number = state->number(),
                     .acknowledged = now.acknowledged,
                     .batches = now.batches,
                     .in_hand = now.in_hand.has_value(),
                     .unacknowledged = now.unacknowledged});
    }
    return all;
  }

  std::vector<state_ptr> wanted_states() const {
    std::vector<state_ptr> all;
    for (const auto& [where, state] : wanted)
      all.push_back(state);
    return all;
  }

private:
  /// What a worker was handling at the last check: the number of the assignment, the number of the
  /// batch, and the offset of a message_handler's message. Default values mean
  /// that it only destroys its handler.
  struct work {
    std::uint64_t assignment = 0;
    std::uint64_t batch = 0;
    std::int64_t message = -1;

    bool operator==(const work&) const = default;
  };

  std::optional<work> current_work() const {
    bool is_ending = stage_ == worker_stage::draining;
    for (const auto& state : current) {
      if (state->holder() != worker.id())
        continue;
      if (const auto batch = state->in_hand())
        return work{state->number(), batch->number, batch->message.value_or(-1)};
      is_ending = is_ending || state->is_handler_ending();
    }
    return is_ending ? std::optional{work{}} : std::nullopt;
  }

  worker_stage stage_ = worker_stage::none;
  bool timer_is_set_ = false;
  std::optional<work> work_seen_;
  std::chrono::nanoseconds seen_since_{};
};

} // namespace ottla::kafka

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace caf {

class resumable;

} // namespace caf

namespace ottla::detail {

/// Selects the next actor for each of a scheduler's threads ("workers", numbered from 0).
///
/// An actor that the running actor wakes runs after the running actor, on the same worker. The
/// message is in the cache of that worker's core. Waking another thread would take longer than most
/// handlers. Actors that other threads wake go to a queue that all workers share. So short handlers
/// that send to one another stay on one worker, and work from other threads spreads over all
/// workers.
///
/// An actor waits behind a long handler for at most about two intervals. While any worker runs, one
/// sleeping worker inspects the queues each `check_interval`, and takes over jobs that have waited
/// too long. If no worker sleeps, the running workers do this between two jobs.
///
/// Thread safety: call from any thread, but functions with `worker` only on that worker's thread.
class run_queues {
public:
  using job = caf::resumable*;

  static constexpr std::chrono::milliseconds check_interval{1};

  explicit run_queues(std::size_t workers);

  /// Adds a job that was woken by a thread other than the workers.
  void add(job what);

  /// Adds a job that the worker's current job has woken, or the current job for another turn.
  void add_from(std::size_t worker, job what);

  /// Waits for the next job of the worker and returns it. Null after close().
  job next(std::size_t worker);

  /// Makes next() return null from now on.
  void close();

  /// Takes any waiting job; null if there is none. Call after all workers have stopped.
  job take_any();

private:
  struct alignas(64) queue {
    std::mutex guard;
    std::deque<job> waiting;
    /// Number of jobs taken. Written by the worker, read by take_over_waiting().
    std::atomic<std::uint64_t> turns{0};
    /// The value of `turns` at the last check; protected by guard_ of run_queues.
    std::uint64_t seen_turns = 0;
    /// How many jobs another worker may take over, as of the last check.
    std::size_t surplus = 0;
  };

  static job take_first(std::deque<job>& from);
  job take_own(queue& own);
  job take_shared();
  /// True if workers sleep, and none of them inspects the queues.
  bool nobody_checks() const;
  /// Inspects the queues and takes over a job. A running worker calls this if no worker sleeps.
  job relieve(std::size_t worker);
  // Call under the guard.
  bool anybody_waits() const;
  job take_over(std::size_t worker);
  void sleep(std::unique_lock<std::mutex>& lock);
  void take_over_waiting();

  std::vector<std::unique_ptr<queue>> workers_;

  std::mutex guard_;
  std::condition_variable changed_;
  std::deque<job> shared_;
  std::size_t checks_at_rest_ = 0;
  std::chrono::steady_clock::time_point checked_at_{};
  /// Written under the guard. Read without the guard where a stale value does no harm.
  std::atomic<std::size_t> shared_size_{0};
  std::atomic<std::size_t> asleep_{0};
  std::atomic<bool> somebody_checks_{false};
  std::atomic<bool> closed_{false};
};

} // namespace ottla::detail

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

/// Which actor runs next on which of a scheduler's threads ("workers", numbered from 0).
///
/// An actor that is woken by the one in hand runs after it on the same worker: what it needs is in
/// that core's cache, and nobody has to be woken, which takes longer than most handlers. What other
/// threads wake goes to a queue that all workers share. So short handlers that send to one another
/// stay together, and work that comes from outside spreads.
///
/// Nothing waits behind a long handler for long: while anybody works, one of those asleep looks
/// around each `look_interval`, and takes over what waits too long where it is.
///
/// Thread safety: call from any thread, with `worker` only from that worker's own.
class run_queues {
public:
  using job = caf::resumable*;

  static constexpr std::chrono::milliseconds look_interval{1};

  explicit run_queues(std::size_t workers);

  /// Woken by a thread that is none of the workers.
  void add(job what);

  /// Woken by the job in hand on that worker, or that job itself for another turn.
  void add_from(std::size_t worker, job what);

  /// The next one for that worker; waits until there is one. Null when closed.
  job next(std::size_t worker);

  /// From now on nothing is next.
  void close();

  /// One of those that wait; null where nobody does. For the end, when no worker runs any more.
  job take_any();

private:
  struct alignas(64) queue {
    std::mutex guard;
    std::deque<job> waiting;
    /// So many jobs were taken; the worker writes it, the one that looks around reads it.
    std::atomic<std::uint64_t> turns{0};
    /// At the last look; under the queues' guard.
    std::uint64_t seen_turns = 0;
    /// What the last look found to be taken over.
    std::size_t surplus = 0;
  };

  static job take_first(std::deque<job>& from);
  job take_own(queue& own);
  job take_shared();
  /// Though some are asleep.
  bool nobody_looks() const;
  /// Nobody is asleep who would look around.
  job relieve(std::size_t worker);
  // Under the guard.
  bool anybody_waits() const;
  job take_over(std::size_t worker);
  void sleep(std::unique_lock<std::mutex>& lock);
  void look_around();

  std::vector<std::unique_ptr<queue>> workers_;

  std::mutex guard_;
  std::condition_variable changed_;
  std::deque<job> shared_;
  std::size_t looks_at_rest_ = 0;
  std::chrono::steady_clock::time_point looked_at_{};
  /// Written under the guard, and read without it where an old value does no harm.
  std::atomic<std::size_t> shared_size_{0};
  std::atomic<std::size_t> asleep_{0};
  std::atomic<bool> somebody_looks_{false};
  std::atomic<bool> closed_{false};
};

} // namespace ottla::detail

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
/// An actor that is woken by the one in hand runs on the same worker, after it: its message is in
/// this core's cache, and nobody has to be woken, which costs more than most handlers do. What
/// other threads wake goes to a queue that all workers share. Nothing waits behind a long handler
/// for good: others help where many wait, and one of those asleep looks each `look_interval`
/// whether a worker is still in the handler that it was in, and takes what waits behind that.
///
/// Thread safety: call from any thread, with `worker` only from that worker's own.
class run_queues {
public:
  using job = caf::resumable*;

  /// How long something may wait behind a long handler while others are idle: twice that.
  static constexpr std::chrono::milliseconds look_interval{1};

  /// So many may wait on one worker before another is woken to help.
  static constexpr std::size_t worth_help = 8;

  explicit run_queues(std::size_t workers);

  /// Woken by a thread that is none of the workers.
  void add(job what);

  /// Woken by the job in hand on that worker.
  void add_from(std::size_t worker, job what);

  /// The next one for that worker; waits until there is one. Null when closed.
  job next(std::size_t worker);

  /// Nothing is run any more.
  void close();

  /// One of those that wait; null where nobody does. For the end, when no worker runs any more.
  job take_any();

private:
  struct alignas(64) queue {
    std::mutex guard;
    std::deque<job> waiting;
    /// Jobs taken so far; one that stays the same is a long handler.
    std::atomic<std::uint64_t> turns{0};
  };

  job take_own(queue& own);
  job take_shared();
  job help(std::size_t worker);
  /// Under the guard. Answers whether it only waited for a while.
  void sleep(std::unique_lock<std::mutex>& lock);
  void look_around();
  bool is_stuck(std::size_t worker) const;
  void wake_one();

  std::vector<std::unique_ptr<queue>> workers_;

  std::mutex guard_;
  std::condition_variable changed_;
  std::deque<job> shared_;
  std::atomic<std::size_t> shared_size_{0};
  std::atomic<std::size_t> asleep_{0};
  /// One of those asleep looks after the others.
  std::atomic<bool> watched_{false};
  /// What the one that looks saw at its last look.
  std::vector<std::uint64_t> seen_;
  std::vector<bool> stuck_;
  std::size_t quiet_looks_ = 0;
  std::atomic<bool> closed_{false};
};

} // namespace ottla::detail

#include <ottla/actors/internal/run_queues.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ottla::detail {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/// While jobs from other threads wait, each worker takes one of them at least once in this many
/// jobs.
constexpr std::uint64_t turns_between_shared = 4;

/// If no worker sleeps, a running worker inspects the queues after this many of its jobs.
constexpr std::uint64_t turns_between_checks = 16;

/// A queue is too long if it holds more than 1/patience of the jobs that its worker took during the
/// last check interval.
constexpr std::size_t patience = 4;

/// After this many checks with all workers asleep, the inspecting worker sleeps until it is woken.
constexpr std::size_t last_check_at_rest = 4;

} // namespace

run_queues::run_queues(std::size_t workers) {
  workers_.reserve(workers);
  for (std::size_t worker = 0; worker < workers; ++worker)
    workers_.push_back(std::make_unique<queue>());
}

void run_queues::add(job what) {
  bool anybody_asleep = false;
  {
    const std::lock_guard lock{guard_};
    shared_.push_back(what);
    shared_size_.store(shared_.size(), relaxed);
    anybody_asleep = asleep_.load(relaxed) != 0;
  }
  if (anybody_asleep)
    changed_.notify_one();
}

void run_queues::add_from(std::size_t worker, job what) {
  auto& own = *workers_[worker];
  {
    const std::lock_guard lock{own.guard};
    own.waiting.push_back(what);
  }
  // Stale values do no harm. A worker that goes to sleep now sees this worker awake, and inspects
  // the queues unless another worker already does. If all workers were asleep, the inspecting
  // worker may have stopped too. In this case one sleeping worker must be woken.
  if (!nobody_checks())
    return;
  // A worker that is about to sleep holds the lock until it waits, and so does not miss the
  // wake-up.
  { const std::lock_guard lock{guard_}; }
  changed_.notify_one();
}

run_queues::job run_queues::next(std::size_t worker) {
  if (closed_.load(relaxed))
    return nullptr;
  auto& own = *workers_[worker];
  const auto turn = own.turns.load(relaxed) + 1;
  own.turns.store(turn, relaxed);
  if (turn % turns_between_shared == 0 && shared_size_.load(relaxed) != 0)
    if (auto* found = take_shared())
      return found;
  if (turn % turns_between_checks == 0 && asleep_.load(relaxed) == 0)
    if (auto* found = relieve(worker))
      return found;
  if (auto* found = take_own(own))
    return found;
  std::unique_lock lock{guard_};
  while (!closed_.load(relaxed)) {
    auto* found = take_first(shared_);
    shared_size_.store(shared_.size(), relaxed);
    if (found == nullptr)
      found = take_over(worker);
    if (found != nullptr) {
      // If this worker was the inspecting worker, another sleeping worker must take over.
      const bool needed = nobody_checks() && anybody_waits();
      lock.unlock();
      if (needed)
        changed_.notify_one();
      return found;
    }
    sleep(lock);
  }
  return nullptr;
}

void run_queues::close() {
  const std::lock_guard lock{guard_};
  closed_.store(true, relaxed);
  changed_.notify_all();
}

run_queues::job run_queues::take_any() {
  for (auto& each : workers_)
    if (auto* found = take_own(*each))
      return found;
  return take_shared();
}

bool run_queues::nobody_checks() const {
  return asleep_.load(relaxed) != 0 && !somebody_checks_.load(relaxed);
}

bool run_queues::anybody_waits() const {
  return std::ranges::any_of(workers_, [](const auto& each) {
    const std::lock_guard lock{each->guard};
    return !each->waiting.empty();
  });
}

run_queues::job run_queues::take_first(std::deque<job>& from) {
  if (from.empty())
    return nullptr;
  auto* first = from.front();
  from.pop_front();
  return first;
}

run_queues::job run_queues::take_own(queue& own) {
  const std::lock_guard lock{own.guard};
  return take_first(own.waiting);
}

run_queues::job run_queues::take_shared() {
  const std::lock_guard lock{guard_};
  auto* found = take_first(shared_);
  shared_size_.store(shared_.size(), relaxed);
  return found;
}

run_queues::job run_queues::take_over(std::size_t worker) {
  for (auto& from : workers_) {
    // Each check allows one take-over, since the worker may catch up before the next check.
    const auto surplus = std::exchange(from->surplus, 0);
    if (surplus == 0 || from == workers_[worker])
      continue;
    std::deque<job> taken;
    {
      const std::lock_guard lock{from->guard};
      auto& waiting = from->waiting;
      const auto end = std::next(waiting.begin(),
                                 static_cast<std::ptrdiff_t>(std::min(surplus, waiting.size())));
      taken.assign(waiting.begin(), end);
      waiting.erase(waiting.begin(), end);
    }
    auto* first = take_first(taken);
    if (first == nullptr)
      continue;
    auto& own = *workers_[worker];
    const std::lock_guard lock{own.guard};
    own.waiting.insert(own.waiting.end(), taken.begin(), taken.end());
    return first;
  }
  return nullptr;
}

void run_queues::sleep(std::unique_lock<std::mutex>& lock) {
  const auto asleep = asleep_.load(relaxed) + 1;
  asleep_.store(asleep, relaxed);
  const bool all_at_rest = asleep == workers_.size();
  checks_at_rest_ = all_at_rest ? checks_at_rest_ + 1 : 0;
  if (somebody_checks_.load(relaxed) || (all_at_rest && checks_at_rest_ > last_check_at_rest)) {
    changed_.wait(lock);
  } else {
    somebody_checks_.store(true, relaxed);
    const auto why = changed_.wait_for(lock, check_interval);
    somebody_checks_.store(false, relaxed);
    if (why == std::cv_status::timeout)
      take_over_waiting();
  }
  asleep_.store(asleep_.load(relaxed) - 1, relaxed);
}

run_queues::job run_queues::relieve(std::size_t worker) {
  const std::unique_lock lock{guard_, std::try_to_lock};
  if (!lock || std::chrono::steady_clock::now() - checked_at_ < check_interval)
    return nullptr;
  take_over_waiting();
  return take_over(worker);
}

void run_queues::take_over_waiting() {
  checked_at_ = std::chrono::steady_clock::now();
  for (auto& each : workers_) {
    const auto turns = each->turns.load(relaxed);
    const auto pace = turns - std::exchange(each->seen_turns, turns);
    const std::lock_guard lock{each->guard};
    const auto waiting = each->waiting.size();
    if (pace == 0)
      each->surplus = waiting; // a long handler runs
    else
      each->surplus = waiting * patience > pace ? (waiting + 1) / 2 : 0;
  }
}

} // namespace ottla::detail

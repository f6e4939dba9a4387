#include <ottla/actors/detail/run_queues.hpp>

#include <algorithm>

namespace ottla::detail {

namespace {

/// What other threads woke waits for no more than so many others.
constexpr std::uint64_t turns_between_shared = 16;

/// After so many looks at nothing the last one goes to sleep for good.
constexpr std::size_t last_quiet_look = 4;

} // namespace

run_queues::run_queues(std::size_t workers) : seen_(workers), stuck_(workers) {
  workers_.reserve(workers);
  for (std::size_t worker = 0; worker < workers; ++worker)
    workers_.push_back(std::make_unique<queue>());
}

void run_queues::add(job what) {
  bool wake = false;
  {
    const std::lock_guard lock{guard_};
    shared_.push_back(what);
    shared_size_.store(shared_.size(), std::memory_order_relaxed);
    wake = asleep_.load(std::memory_order_relaxed) != 0;
  }
  if (wake)
    changed_.notify_one();
}

void run_queues::add_from(std::size_t worker, job what) {
  auto& own = *workers_[worker];
  std::size_t length = 0;
  {
    const std::lock_guard lock{own.guard};
    own.waiting.push_back(what);
    length = own.waiting.size();
  }
  // Whoever goes to sleep sees that this worker does not, so there is somebody who looks, or none
  // asleep; what is read here may be old.
  if (asleep_.load(std::memory_order_relaxed) != 0
      && (length >= worth_help || !watched_.load(std::memory_order_relaxed)))
    wake_one();
}

void run_queues::wake_one() {
  // So that one who is on the way to sleep either sees what is new, or sleeps already.
  { const std::lock_guard lock{guard_}; }
  changed_.notify_one();
}

run_queues::job run_queues::next(std::size_t worker) {
  if (closed_.load(std::memory_order_relaxed))
    return nullptr;
  auto& own = *workers_[worker];
  const auto turn = own.turns.load(std::memory_order_relaxed) + 1;
  own.turns.store(turn, std::memory_order_relaxed);
  if (turn % turns_between_shared == 0 && shared_size_.load(std::memory_order_relaxed) != 0)
    if (auto* found = take_shared())
      return found;
  if (auto* found = take_own(own))
    return found;
  std::unique_lock lock{guard_};
  while (!closed_.load(std::memory_order_relaxed)) {
    if (!shared_.empty()) {
      auto* found = shared_.front();
      shared_.pop_front();
      shared_size_.store(shared_.size(), std::memory_order_relaxed);
      return found;
    }
    if (auto* found = help(worker))
      return found;
    sleep(lock);
  }
  return nullptr;
}

void run_queues::close() {
  const std::lock_guard lock{guard_};
  closed_.store(true, std::memory_order_relaxed);
  changed_.notify_all();
}

run_queues::job run_queues::take_own(queue& own) {
  const std::lock_guard lock{own.guard};
  if (own.waiting.empty())
    return nullptr;
  auto* found = own.waiting.front();
  own.waiting.pop_front();
  return found;
}

run_queues::job run_queues::take_shared() {
  const std::lock_guard lock{guard_};
  if (shared_.empty())
    return nullptr;
  auto* found = shared_.front();
  shared_.pop_front();
  shared_size_.store(shared_.size(), std::memory_order_relaxed);
  return found;
}

run_queues::job run_queues::help(std::size_t worker) {
  for (std::size_t other = 0; other < workers_.size(); ++other) {
    if (other == worker)
      continue;
    auto& from = *workers_[other];
    std::deque<job> taken;
    {
      const std::lock_guard lock{from.guard};
      const auto length = from.waiting.size();
      const bool stuck = is_stuck(other);
      if (length == 0 || (length < worth_help && !stuck))
        continue;
      // The later half, which has longest to wait; all of it from a long handler.
      const auto take = stuck ? length : length / 2;
      taken.assign(from.waiting.end() - static_cast<std::ptrdiff_t>(take), from.waiting.end());
      from.waiting.erase(from.waiting.end() - static_cast<std::ptrdiff_t>(take),
                         from.waiting.end());
    }
    auto* first = taken.front();
    taken.pop_front();
    auto& own = *workers_[worker];
    const std::lock_guard lock{own.guard};
    own.waiting.insert(own.waiting.end(), taken.begin(), taken.end());
    return first;
  }
  return nullptr;
}

void run_queues::sleep(std::unique_lock<std::mutex>& lock) {
  const auto asleep = asleep_.load(std::memory_order_relaxed) + 1;
  asleep_.store(asleep, std::memory_order_relaxed);
  const bool all_asleep = asleep == workers_.size();
  quiet_looks_ = all_asleep ? quiet_looks_ + 1 : 0;
  if (!watched_.load(std::memory_order_relaxed) && workers_.size() > 1
      && (!all_asleep || quiet_looks_ <= last_quiet_look)) {
    watched_.store(true, std::memory_order_relaxed);
    const bool in_time = changed_.wait_for(lock, look_interval) == std::cv_status::no_timeout;
    watched_.store(false, std::memory_order_relaxed);
    if (!in_time)
      look_around();
  } else {
    changed_.wait(lock);
  }
  asleep_.store(asleep_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
}

bool run_queues::is_stuck(std::size_t worker) const {
  return stuck_[worker] && seen_[worker] == workers_[worker]->turns.load(std::memory_order_relaxed);
}

void run_queues::look_around() {
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) {
    const auto turns = workers_[worker]->turns.load(std::memory_order_relaxed);
    stuck_[worker] = turns == seen_[worker];
    seen_[worker] = turns;
  }
}

run_queues::job run_queues::take_any() {
  for (auto& each : workers_)
    if (auto* found = take_own(*each))
      return found;
  return take_shared();
}

} // namespace ottla::detail

#include <ottla/actors/internal/per_process.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reaper.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

struct pending_ends {
  std::mutex lock;
  std::condition_variable fewer;
  std::list<std::thread> pending;
  std::list<std::thread> finished;
};

void join_finished(pending_ends& ends) {
  std::list<std::thread> finished;
  {
    const std::scoped_lock guard{ends.lock};
    finished.swap(ends.finished);
  }
  for (auto& each : finished)
    each.join();
}

class reaper {
public:
  void start(std::string name, std::function<void(const background_work&)> end_of_handle,
             background value) {
    join_finished(ends_);
    auto registered = std::make_unique<background_work>(std::move(name), value);
    const std::scoped_lock guard{ends_.lock};
    const auto self = ends_.pending.emplace(ends_.pending.end());
    *self = std::thread{
      [this, self, registered = std::move(registered), work = std::move(end_of_handle)]() mutable {
        work(*registered);
        work = nullptr;
        registered.reset();
        const std::scoped_lock done{ends_.lock};
        ends_.finished.splice(ends_.finished.end(), ends_.pending, self);
        ends_.fewer.notify_all();
      }};
  }

  std::size_t await(std::chrono::nanoseconds within) {
    std::size_t left = 0;
    {
      std::unique_lock guard{ends_.lock};
      ends_.fewer.wait_for(guard, std::min(within, longest_wait),
                           [this] { return ends_.pending.empty(); });
      left = ends_.pending.size();
    }
    join_finished(ends_);
    return left;
  }

private:
  pending_ends ends_;
};

// The reaper is never destroyed, because stuck threads and handles in static objects may use the
// reaper after the end of main. Each process has its own reaper, because a forked child does not
// have its parent's threads.
reaper& the_reaper() {
  static constinit detail::per_process<reaper> instances;
  return instances.get();
}

constexpr auto without_a_stop = 5s;
constexpr auto for_cutting = 200ms;

std::atomic<bool> will_wait_at_exit = false;

// reap() registers this function with std::atexit when a handle ends, after librdkafka and its TLS
// library were initialized. So this function runs before these libraries are torn down. A handle in
// a static object ends later, and its reap() registers this function again.
void wait_at_exit() {
  will_wait_at_exit = false;
  cut_background_work_short(background::dispensable);
  const auto now = std::chrono::steady_clock::now();
  const auto left = deadline_of_background_work().value_or(now + without_a_stop) - now;
  if (the_reaper().await(std::max<std::chrono::nanoseconds>(left - for_cutting, 0ns)) == 0)
    return;
  cut_background_work_short();
  the_reaper().await(for_cutting);
}

} // namespace

void reap(std::string name, std::function<void(const background_work&)> end_of_handle,
          background value) {
  the_reaper().start(std::move(name), std::move(end_of_handle), value);
  if (!will_wait_at_exit.exchange(true))
    std::atexit(wait_at_exit);
}

std::size_t await_reaped(saturating<std::chrono::milliseconds> within) {
  return the_reaper().await(saturate<std::chrono::nanoseconds>(within));
}

} // namespace ottla::kafka

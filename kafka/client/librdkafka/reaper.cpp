#include <ottla/kafka/client/librdkafka/reaper.hpp>
#include <ottla/kafka/client/librdkafka_client.hpp>

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

struct running_ends {
  std::mutex lock;
  std::condition_variable fewer;
  std::list<std::thread> running;
  std::list<std::thread> finished;
};

void join_finished(running_ends& ends) {
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
  void start(std::function<void()> end_of_handle) {
    join_finished(ends_);
    const std::scoped_lock guard{ends_.lock};
    const auto self = ends_.running.emplace(ends_.running.end());
    *self = std::thread{[this, self, work = std::move(end_of_handle)]() mutable {
      work();
      work = nullptr;
      const std::scoped_lock done{ends_.lock};
      ends_.finished.splice(ends_.finished.end(), ends_.running, self);
      ends_.fewer.notify_all();
    }};
  }

  std::size_t await(std::chrono::milliseconds within) {
    std::size_t left = 0;
    {
      std::unique_lock guard{ends_.lock};
      ends_.fewer.wait_for(guard, within, [this] { return ends_.running.empty(); });
      left = ends_.running.size();
    }
    join_finished(ends_);
    return left;
  }

private:
  running_ends ends_;
};

// Waits at the end of the program. Made by the first handle's end, so after librdkafka and its TLS
// library set themselves up, and therefore run before those are torn down.
struct last_wait {
  reaper& of;
  ~last_wait() { of.await(5s); }
};

// Never destroyed, as threads that are stuck, and handles in a program's own static objects, may
// come back to it after the end of main.
reaper& the_reaper() {
  static auto* const instance = new reaper;
  static const last_wait wait{*instance};
  return *instance;
}

} // namespace

void reap(std::function<void()> end_of_handle) {
  the_reaper().start(std::move(end_of_handle));
}

std::size_t await_reaped(std::chrono::milliseconds within) {
  return the_reaper().await(within);
}

} // namespace ottla::kafka

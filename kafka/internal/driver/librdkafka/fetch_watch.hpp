#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Tracks which brokers have a pending fetch request, and which thread fetches from each broker. Up
/// to 2.1 librdkafka's thread of a broker sleeps for up to a second once the queues of all its
/// partitions are full. Emptying the queues does not wake that thread. Since 2.2
/// fetch.queue.backoff.ms is the length of the sleep.
///
/// Thread safety: call from any thread.
class fetch_watch {
public:
  /// A fetch request was sent, or has ended. Call sent() on the broker's thread, and answered() on
  /// any thread.
  void sent(std::int32_t broker);
  void answered(std::int32_t broker);

  /// Brokers that were fetched from before and have no pending request. Their threads sleep, or
  /// process the last answer.
  std::vector<std::int32_t> idle_brokers() const;

  /// Waits until each broker that was fetched from before has a pending request. False: `within`
  /// has passed.
  bool wait_for_requests(std::chrono::nanoseconds within) const;

  /// The default id if nothing was fetched from this broker.
  std::thread::id thread_of(std::int32_t broker) const;

private:
  struct fetcher {
    std::int32_t broker = -1;
    std::thread::id thread;
    bool waits = false;
  };

  bool one_is_idle() const;

  mutable std::mutex lock_;
  mutable std::condition_variable sent_;
  std::vector<fetcher> fetchers_;
};

} // namespace ottla::kafka

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Tracks which brokers have a pending fetch request, and which thread fetches from each broker.
///
/// Why: librdkafka does not show this state, and three decisions depend on it.
/// - fetch_pool waits until each broker has a pending request, and then moves messages. If messages
///   are moved while a broker thread decides on its next request, the request leaves without busy
///   partitions.
/// - Up to librdkafka 2.1 a broker thread sleeps for up to a second once the queues of all its
///   partitions are full. Room in the queues does not wake the thread, so fetch_pool sends a small
///   request to each idle broker. Since 2.2 fetch.queue.backoff.ms limits the sleep. With any
///   version, fetch_pool also sends this request after it resumes paused partitions.
/// - spent_messages frees a message on the thread that fetched the message.
///
/// Messages of 1 KiB with one full partition of 512 arrive at 2.2 to 3.1 times the rate of a raw
/// librdkafka loop. With one full partition of 64, the factor is 1.4 to 1.8. Without the wait, the
/// factors are 0.123 and 0.386. Source: docs/decisions/0028.
///
/// fetch_pool::request_more() needs idle_brokers() until librdkafka 2.1 is no longer supported.
/// fetch_pool::resume() needs idle_brokers() with any version. Remove wait_for_requests() when
/// librdkafka checks all partitions of a request against the same state of their queue.
///
/// Thread safety: call from any thread.
class fetch_watch {
public:
  /// A fetch request was sent, or has ended. Call sent() on the broker's thread. Call answered() on
  /// any thread.
  void sent(std::int32_t broker);
  void answered(std::int32_t broker);

  /// Brokers with an earlier fetch request and no pending fetch request. Their threads sleep, or
  /// process the last response.
  std::vector<std::int32_t> idle_brokers() const;

  /// Waits until each broker with an earlier fetch request has a pending fetch request. Returns
  /// false if `within` passes first.
  bool wait_for_requests(std::chrono::nanoseconds within) const;

  /// Returns the default id if nothing was fetched from this broker.
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

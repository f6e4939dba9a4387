#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Which brokers have a request for messages on the way, and which thread fetches from each of
/// them. Up to 2.1 librdkafka's thread of a broker naps for up to a second once the queues of all
/// its partitions are full, and whoever empties them does not wake it. (Since 2.2
/// fetch.queue.backoff.ms says how long it naps.)
///
/// Thread safety: call from any thread.
class fetch_watch {
public:
  /// By the thread of the broker: a request is on its way, or its answer has come.
  void sent(std::int32_t broker);
  void answered(std::int32_t broker);

  /// Brokers that were fetched from before and have no request on the way: their threads nap, or
  /// are at work with the last answer.
  std::vector<std::int32_t> idle_brokers() const;

  /// Waits until each of these brokers has a request on the way. False: `within` has passed.
  bool wait_for_requests(std::chrono::nanoseconds within) const;

  /// The default where nothing was fetched from this broker.
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

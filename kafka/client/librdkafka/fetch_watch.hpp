#pragma once

#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Which of a handle's threads have no request for messages on the way. Up to 2.1 librdkafka's
/// thread of a broker naps for up to a second once the queues of all its partitions are full, and
/// whoever empties them does not wake it: with small queues a fast handler then waits for most of
/// the time. (Since 2.2 fetch.queue.backoff.ms says how long it naps.)
///
/// Thread safety: call from any thread.
class fetch_watch {
public:
  /// A partition's queue of `full` bytes, bytes_beside_message included, is fetched into no more.
  explicit fetch_watch(std::size_t full) noexcept : full_{full} {}

  /// A queue that so many bytes were taken from before it was empty may have been full.
  std::size_t may_be_full() const noexcept { return full_ / 2; }

  /// The calling thread waits for messages, or no more.
  void sent();
  void answered();

  /// Whether it has fetched before, and waits for no messages: it naps, or is at work with those it
  /// has just got.
  bool may_nap(std::thread::id who);

private:
  struct fetcher {
    std::thread::id who;
    bool waits = false;
  };

  fetcher* find(std::thread::id who) noexcept;

  const std::size_t full_;
  std::mutex lock_;
  std::vector<fetcher> fetchers_;
};

} // namespace ottla::kafka

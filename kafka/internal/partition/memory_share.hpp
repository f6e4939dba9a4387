#pragma once

#include <ottla/kafka/internal/driver/fetch_memory.hpp>
#include <ottla/kafka/internal/driver/partition_queue.hpp>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

/// One partition's part of group_consumer::memory_bytes: for messages that the driver fetches
/// ahead, and for the window of messages that are delivered and not acknowledged.
struct memory_share {
  std::size_t bytes = 0;
  /// The limits of the driver, which are fixed before the size of messages is known.
  fetch_memory fetching = {};
  /// This partition's part of fetch_memory::shared_by.
  std::size_t lent_bytes = 0;

  /// Most bytes that the driver holds for this partition while every partition has a backlog.
  /// `bytes_each`: size of a message, with the driver's memory beside it. In the worst case the
  /// partition's queue is full, one more answer waits behind it, and the partition's inbox is full.
  constexpr std::size_t prefetched(std::size_t bytes_each) const {
    constexpr std::size_t around_message = 7; // in an answer, at least
    constexpr std::size_t fewest = 1'000;
    const auto limit = fetching.queue_bytes;
    const auto size = std::max(bytes_each, bytes_beside_message + 1) - bytes_beside_message;
    const auto queued = std::min(limit / size, std::max(limit / bytes_beside_message, fewest));
    const auto part = fetching.part_bytes / (size + around_message);
    const auto inbox = lent_bytes - std::min(lent_bytes, fetching.reserve_bytes());
    return (queued + 2 * part) * bytes_each + inbox;
  }

  /// Bytes for the window of messages of this size: what prefetched() leaves, less an eighth, at
  /// most half. The eighth is for copies of messages that stay and for pinned answers. Nothing is
  /// left for messages of 256 bytes, so there is a minimum; most windows then hold one batch.
  constexpr std::size_t window(std::size_t bytes_each) const {
    const auto other = std::min(prefetched(bytes_each) + bytes / 8, bytes);
    return std::clamp(bytes - other, bytes / 16, bytes / 2);
  }
};

} // namespace ottla::kafka

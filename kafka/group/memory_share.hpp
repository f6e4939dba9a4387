#pragma once

#include <ottla/kafka/client/fetch_memory.hpp>
#include <ottla/kafka/client/partition_queue.hpp>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

/// One partition's part of group_consumer::memory_bytes: for what the client fetches ahead, and for
/// the window of what is delivered and not acknowledged.
struct memory_share {
  std::size_t bytes = 0;
  /// The limits of the client, which are fixed before anybody knows how large messages are.
  fetch_memory fetching = {};
  /// Of fetch_memory::shared_by.
  std::size_t lent_bytes = 0;

  /// What the client holds of such messages, at most, while every partition has a backlog;
  /// `bytes_each` includes what the client keeps beside each. The queue of the partition is full,
  /// with one more answer behind it, and so is the inbox of the partition.
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

  /// For the window of such messages: half, or what the other part leaves of it, but for an eighth,
  /// which is for copies of what stays and for answers that are pinned. That is nothing for
  /// messages of 256 bytes, so there is a least; most windows hold one batch.
  constexpr std::size_t window(std::size_t bytes_each) const {
    const auto other = std::min(prefetched(bytes_each) + bytes / 8, bytes);
    return std::clamp(bytes - other, bytes / 16, bytes / 2);
  }
};

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/client/partition_queue.hpp>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

/// One partition's part of group_consumer::memory_bytes: for what the client fetches ahead, and for
/// the window of what is delivered and not acknowledged.
struct memory_share {
  std::size_t bytes = 0;
  /// The client's limit for what it fetches ahead, see prefetch_share; it counts keys and values
  /// only, and is fixed before anybody knows how large messages are.
  std::size_t prefetch_bytes = 0;

  /// What the client comes to with such messages, at most; `bytes_each` includes what it keeps
  /// beside each. It stops fetching at its limit or at a number of messages, whichever comes first,
  /// and then has the last answer on top.
  constexpr std::size_t prefetched(std::size_t bytes_each) const {
    constexpr std::size_t largest_answer = 1024 * 1024;
    constexpr std::size_t around_message = 7; // in an answer, at least
    constexpr std::size_t fewest = 1'000;
    const auto size = std::max(bytes_each, bytes_beside_message + 1) - bytes_beside_message;
    const auto waiting
      = std::min(prefetch_bytes / size, std::max(prefetch_bytes / bytes_beside_message, fewest));
    const auto answer = std::min(prefetch_bytes, largest_answer) / (size + around_message);
    return (waiting + answer) * bytes_each;
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

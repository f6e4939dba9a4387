#pragma once

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

/// How much one of so many partitions may prefetch, so that all of them together keep two fifths of
/// `memory_bytes`, and with what the client has beside each message four fifths at most: the client
/// asks for more below this limit, and the answer, of at most 1 MiB and at most the limit once
/// more, comes on top of it.
constexpr std::size_t prefetch_share(std::size_t memory_bytes, std::size_t partitions) {
  constexpr std::size_t largest_answer = 1024 * 1024;
  constexpr std::size_t least = 64 * 1024;
  const auto share = memory_bytes / 5 * 2 / std::max<std::size_t>(partitions, 1);
  return std::max(least, share - std::min(share / 2, largest_answer));
}

} // namespace ottla::kafka

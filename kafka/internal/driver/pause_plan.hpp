#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ottla::kafka {

/// Decides whether the quiet partitions of one broker are paused, so that requests to this broker
/// leave them out.
///
/// A request for messages names each partition, and the broker inspects each of them. If one
/// partition of hundreds has a backlog, naming the quiet ones costs several times what the messages
/// cost.
///
/// A request that finds no messages waits for new ones, and delays the paused partitions. So quiet
/// partitions are paused only while another partition has more messages than the next requests can
/// bring.
class pause_plan {
public:
  /// An answer brought this many messages of one partition, and the broker has `left` more.
  constexpr void note(std::size_t brought, std::int64_t left) noexcept {
    most_ = std::max(most_, static_cast<std::int64_t>(brought));
    has_backlog_ = has_backlog_ || left >= std::max(least_backlog, requests_ahead * most_);
  }

  /// All partitions of the answer have been noted.
  constexpr void end_answer() noexcept {
    if (has_backlog_)
      ++answers_;
    else
      *this = {};
    has_backlog_ = false;
  }

  constexpr bool may_pause() const noexcept { return answers_ >= answers_before; }

private:
  /// A backlog counts if it fills this many more answers of the largest size. Two requests may
  /// leave before paused partitions are resumed. The others are a margin.
  static constexpr std::int64_t requests_ahead = 4;
  static constexpr std::int64_t least_backlog = 1'000;
  /// A short backlog is not worth the pauses.
  static constexpr int answers_before = 3;

  std::int64_t most_ = 0; ///< messages of one partition in one answer
  int answers_ = 0;       ///< consecutive answers that left a backlog
  bool has_backlog_ = false;
};

} // namespace ottla::kafka

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ottla::kafka {

/// Decides whether to pause the quiet partitions of one broker. Fetch requests omit paused
/// partitions.
///
/// A fetch request names each partition, and the broker inspects each named partition. If one
/// partition of hundreds has a backlog, naming the quiet partitions costs several times as much as
/// the messages.
///
/// A fetch request that finds no messages waits for new messages. A resumed partition has to wait
/// for the end of that request. So quiet partitions are paused only while another partition has
/// more messages than the next responses can hold.
class pause_plan {
public:
  /// Notes that a response brought this many messages of one partition, and that the broker has
  /// `left` more messages.
  constexpr void note(std::size_t brought, std::int64_t left) noexcept {
    most_ = std::max(most_, static_cast<std::int64_t>(brought));
    has_backlog_ = has_backlog_ || left >= std::max(least_backlog, requests_ahead * most_);
  }

  /// Call after note() was called for all partitions of a response.
  constexpr void end_answer() noexcept {
    if (has_backlog_)
      ++answers_;
    else
      *this = {};
    has_backlog_ = false;
  }

  constexpr bool may_pause() const noexcept { return answers_ >= answers_before; }

private:
  /// A partition has a backlog if its messages fill this many more responses of the largest size.
  /// Up to two requests may leave before paused partitions are resumed. The other two are a margin.
  static constexpr std::int64_t requests_ahead = 4;
  static constexpr std::int64_t least_backlog = 1'000;
  /// Consecutive responses with a backlog before partitions are paused. A short backlog is not
  /// worth the pauses.
  static constexpr int answers_before = 3;

  std::int64_t most_ = 0; ///< largest number of messages of one partition in one response
  int answers_ = 0;       ///< consecutive responses that left a backlog
  bool has_backlog_ = false;
};

} // namespace ottla::kafka

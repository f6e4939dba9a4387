#pragma once

#include <chrono>

namespace ottla::kafka {

/// Decides when a member without partitions needs a new Kafka handle. librdkafka keeps the address
/// of the group's coordinator, so it never finds a broker that came back under another address.
///
/// A member that waits for its assignment is overdue after a session timeout without an assignment,
/// if no broker has had its request to join in that time. A broker that has the request answers
/// when all other members have joined, which may take their max_poll_interval. That wait does not
/// count.
///
/// A member whose assignment is empty is overdue when the coordinator has answered no heartbeat for
/// a session timeout. A cooperative member whose session ends rejoins without any event.
///
/// Both waits restart when no broker answers. The patience doubles with each handle, up to
/// sixteen session timeouts, until an assignment comes.
///
/// Times count from any fixed point.
class join_deadline {
public:
  explicit join_deadline(std::chrono::nanoseconds session_timeout) noexcept
    : session_timeout_{session_timeout}, patience_{session_timeout} {}

  /// A new handle has subscribed, or the assignment was taken away: the member waits since `now`.
  void waits(std::chrono::nanoseconds now) noexcept;

  /// An assignment came, which may be empty, or the coordinator stored a commit.
  void assigned() noexcept;

  /// A broker has this member's request to join at `now`: the wait for an assignment restarts.
  void is_joining(std::chrono::nanoseconds now) noexcept;

  /// The coordinator did not answer a commit: unless the member waits already, the wait begins.
  void missed(std::chrono::nanoseconds now) noexcept;

  /// The coordinator has answered a heartbeat since the last check, a rebalance or an error
  /// included.
  void heartbeat_answered() noexcept { silent_since_ = never; }

  /// The coordinator has answered no heartbeat since the last check: the silence begins, unless it
  /// has begun already. Only for members without partitions: otherwise librdkafka revokes the
  /// partitions, and waits() is called.
  void heartbeat_missed(std::chrono::nanoseconds now) noexcept;

  /// No broker answered a request at `now`.
  void no_broker_answers(std::chrono::nanoseconds now) noexcept;

  /// The handle is given up, for whatever reason.
  void handle_ended() noexcept { since_ = silent_since_ = never; }

  bool is_overdue(std::chrono::nanoseconds now) const noexcept {
    return is_over(since_, now) || is_over(silent_since_, now);
  }

  /// The handle is given up because it was overdue: the next one gets more time.
  void gave_up() noexcept;

private:
  static constexpr auto never = std::chrono::nanoseconds::max();

  bool is_over(std::chrono::nanoseconds since, std::chrono::nanoseconds now) const noexcept {
    return since <= now && now - since >= patience_;
  }

  std::chrono::nanoseconds session_timeout_;
  std::chrono::nanoseconds patience_;
  /// Since when an assignment, or the answer to a commit, is missing.
  std::chrono::nanoseconds since_ = never;
  /// Since when answers to heartbeats are missing.
  std::chrono::nanoseconds silent_since_ = never;
};

} // namespace ottla::kafka

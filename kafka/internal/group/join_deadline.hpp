#pragma once

#include <chrono>

namespace ottla::kafka {

/// Decides when a member needs a new Kafka handle because the group's coordinator does not answer.
/// librdkafka caches the address of the coordinator, so it never finds a broker that came back
/// under another address.
///
/// A member that waits for an assignment is overdue after a session timeout. The time during which
/// a broker has the member's join request does not count. The broker answers after all other
/// members have joined, which may take their max_poll_interval. A commit without an answer starts
/// the same wait, also in a member that has partitions.
///
/// A member whose assignment is empty is overdue when the coordinator has answered no heartbeat for
/// a session timeout. No event reports that case, since a cooperative member whose session ends
/// rejoins without an event.
///
/// Both waits restart when no broker answers. The limit doubles with each overdue handle, up to
/// sixteen session timeouts. An assignment or a stored commit resets the limit.
///
/// Times count from any fixed point.
class join_deadline {
public:
  explicit join_deadline(std::chrono::nanoseconds session_timeout) noexcept
    : session_timeout_{session_timeout}, patience_{session_timeout} {}

  /// The member waits for an assignment from `now` on: a new handle has subscribed, or the
  /// partitions were revoked.
  void waits(std::chrono::nanoseconds now) noexcept;

  /// The member got an assignment, which may be empty, or the coordinator stored a commit.
  void assigned() noexcept;

  /// A broker has this member's join request at `now`. The wait for an assignment restarts.
  void is_joining(std::chrono::nanoseconds now) noexcept;

  /// The coordinator did not answer a commit. Begins the wait if the member does not wait already.
  void missed(std::chrono::nanoseconds now) noexcept;

  /// The coordinator has answered a heartbeat since the last check. An answer that reports a
  /// rebalance or an error counts too.
  void heartbeat_answered() noexcept { silent_since_ = never; }

  /// The coordinator has answered no heartbeat since the last check. Starts the wait for an answer
  /// unless this wait is pending. Call this only while the member has no partitions. If a member
  /// with partitions gets no answers, librdkafka revokes the partitions, which leads to waits().
  void heartbeat_missed(std::chrono::nanoseconds now) noexcept;

  /// No broker answered a request at `now`. Both waits restart.
  void no_broker_answers(std::chrono::nanoseconds now) noexcept;

  /// The handle ended, for any reason.
  void handle_ended() noexcept { since_ = silent_since_ = never; }

  bool is_overdue(std::chrono::nanoseconds now) const noexcept {
    return is_over(since_, now) || is_over(silent_since_, now);
  }

  /// The handle ends because it was overdue. Doubles the limit for the next handle.
  void gave_up() noexcept;

private:
  static constexpr auto never = std::chrono::nanoseconds::max();

  bool is_over(std::chrono::nanoseconds since, std::chrono::nanoseconds now) const noexcept {
    return since <= now && now - since >= patience_;
  }

  std::chrono::nanoseconds session_timeout_;
  std::chrono::nanoseconds patience_;
  /// Start of the wait for an assignment, or for the answer to a commit.
  std::chrono::nanoseconds since_ = never;
  /// Start of the wait for an answer to a heartbeat.
  std::chrono::nanoseconds silent_since_ = never;
};

} // namespace ottla::kafka

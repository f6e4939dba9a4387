#pragma once

#include <chrono>

namespace ottla::kafka {

/// Decides when a member that waits for its assignment needs a new Kafka handle. librdkafka keeps
/// the address of the group's coordinator, so it never finds a broker that came back under another
/// one.
///
/// The rule: no assignment has come for a session timeout, and all that time no broker has had a
/// request of this member to join. A broker that has such a request answers when all other members
/// have joined, which may take their max_poll_interval: that wait does not count. The patience
/// doubles with each handle, up to sixteen session timeouts, until an assignment comes.
///
/// Times count from any fixed point.
class join_deadline {
public:
  explicit join_deadline(std::chrono::nanoseconds session_timeout) noexcept
    : session_timeout_{session_timeout}, patience_{session_timeout} {}

  /// A new handle has subscribed, or the assignment was taken away: the member waits since `now`.
  void waits(std::chrono::nanoseconds now) noexcept { since_ = now; }

  /// An assignment came, of which an empty one counts too; or the coordinator stored a commit.
  void assigned() noexcept;

  /// A broker has a request to join at `now`: from then on an assignment is missed.
  void is_joining(std::chrono::nanoseconds now) noexcept;

  /// The coordinator did not answer a commit: unless the member waits already, the wait begins.
  void missed(std::chrono::nanoseconds now) noexcept;

  /// The handle is given up, for whatever reason.
  void handle_ended() noexcept { since_ = never; }

  bool is_overdue(std::chrono::nanoseconds now) const noexcept {
    return since_ <= now && now - since_ >= patience_;
  }

  /// The handle is given up because it was overdue: the next one gets more time.
  void gave_up() noexcept;

private:
  static constexpr auto never = std::chrono::nanoseconds::max();

  std::chrono::nanoseconds session_timeout_;
  std::chrono::nanoseconds patience_;
  std::chrono::nanoseconds since_ = never;
};

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <chrono>
#include <cstdint>

namespace ottla::kafka {

/// Decides the steps that end a membership. In a stop, the coordinator commits acknowledged
/// offsets, closes the Kafka handle, and waits until the group confirms the leave. An abort closes
/// the handle at once.
///
/// Thread safety: none.
class membership_end {
public:
  enum class step : std::uint8_t {
    /// Wait for the next answer or deadline.
    wait,
    /// Commit acknowledged offsets that are not committed. If there are none, close the handle.
    commit,
    /// Retry the commit after a pause, since the last commit failed with a retriable error.
    commit_later,
    /// Close the handle.
    close,
    /// The handle is closing. Wait for the leave, at most leave_within().
    await_leave,
    /// End the process, even if the group has not confirmed the leave.
    end,
  };

  /// Requests of the member that are pending.
  struct pending {
    bool revoke = false;
    bool commit = false;
    /// A broker has the member's join request, and answers after other members have joined.
    bool join = false;
  };

  void stop() noexcept { is_stopping_ = true; }
  /// The handle is closing.
  void close() noexcept { is_closing_ = true; }
  /// The handle has closed, which confirms that the member has left.
  void leave() noexcept { has_left_ = true; }

  bool is_stopping() const noexcept { return is_stopping_; }
  bool is_closing() const noexcept { return is_closing_; }
  bool has_left() const noexcept { return has_left_; }
  /// The end has begun, so the member accepts no new partitions and topics.
  bool has_begun() const noexcept { return is_stopping_ || is_closing_; }

  /// The step after an answer to a commit.
  step after_commit(const committed& last, const pending& now) const;

  /// The step after the pause of commit_later.
  step after_pause(const pending& now) const;

  /// The step when half of the coordinator's time to end has passed. A commit may wait for a join
  /// of other members that takes longer than the stop. Closing the handle sends such a commit at
  /// once.
  step at_half_time(const pending& now) const noexcept;

  /// The step when leave_within() has passed.
  step at_leave_deadline(const pending& now, std::chrono::nanoseconds leave_within) const noexcept;

  /// How long to wait until the group confirms the leave: a quarter of the stop's remaining time,
  /// from 0.9 s to 10 s. The wait is 0.9 s for an abort, and if the brokers are known to be
  /// unreachable. The wait is never longer than `left`.
  std::chrono::nanoseconds leave_within(std::chrono::nanoseconds left,
                                        bool brokers_away) const noexcept;

private:
  bool is_stopping_ = false;
  bool is_closing_ = false;
  bool has_left_ = false;
};

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <chrono>
#include <cstdint>

namespace ottla::kafka {

/// How a membership ends. In a stop, the coordinator commits what is acknowledged, closes the Kafka
/// handle, and waits until the group confirms that the member has left. An abort closes the handle
/// at once.
///
/// Thread safety: none.
class membership_end {
public:
  enum class step : std::uint8_t {
    /// An answer or a deadline decides.
    wait,
    /// Commit what is not committed. Close if that is nothing.
    commit,
    /// The same after a pause: the last commit failed for now.
    commit_later,
    /// Close the handle.
    close,
    /// The handle closes: wait for leave_within().
    await_leave,
    /// The process ends, whether the group has confirmed the leave or not.
    end,
  };

  /// What is under way in the member.
  struct pending {
    bool revoke = false;
    bool commit = false;
    /// A broker has a request of the member to join, and answers when other members have joined.
    bool join = false;
  };

  void stop() noexcept { is_stopping_ = true; }
  /// The handle closes.
  void close() noexcept { is_closing_ = true; }
  /// The group, or the handle, confirms that the member has left.
  void leave() noexcept { has_left_ = true; }

  bool is_stopping() const noexcept { return is_stopping_; }
  bool is_closing() const noexcept { return is_closing_; }
  bool has_left() const noexcept { return has_left_; }
  /// The member takes no new partitions and topics any more.
  bool has_begun() const noexcept { return is_stopping_ || is_closing_; }

  /// After an answer to a commit.
  step after_commit(const committed& last, const pending& now) const;

  /// After the pause of commit_later.
  step after_pause(const pending& now) const;

  /// When half of the stop is over. Other members may take longer to join than the stop may take,
  /// and a commit may wait for the join. Closing sends such commits at once.
  step at_half_time(const pending& now) const noexcept;

  /// When leave_within() has passed.
  step at_leave_deadline(const pending& now, std::chrono::nanoseconds leave_within) const noexcept;

  /// How long the group may take to confirm the leave: a quarter of the time that the stop has
  /// left, from 0.9 s to 10 s. An abort, and brokers that are known to be away, get 0.9 s.
  std::chrono::nanoseconds leave_within(std::chrono::nanoseconds left,
                                        bool brokers_away) const noexcept;

private:
  bool is_stopping_ = false;
  bool is_closing_ = false;
  bool has_left_ = false;
};

} // namespace ottla::kafka

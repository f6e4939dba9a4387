#pragma once

#include <ottla/supervision/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ottla::kafka {

/// Why a member gives up its Kafka handle.
enum class handle_end : std::uint8_t {
  /// Kafka or the driver ended the handle, or refused to open it.
  failed,
  /// Another member of the group uses the same instance id.
  fenced,
  /// Brokers answer, and no assignment comes.
  stuck,
  /// The log no longer holds the offset that a partition was to continue at. The handle works.
  out_of_range,
};

/// How long a member waits before it opens its next Kafka handle, so that a cause that repeats does
/// not make the whole group rebalance without end.
///
/// The first handle that fails is replaced at once. Then the pause grows from half a second to half
/// a minute, until a handle has proved that it works and has lasted for ten seconds.
///
/// A member that another member has fenced off stays out for two session timeouts, since its return
/// fences the other member. That pause doubles, up to an hour, until a handle has proved that it
/// works and has lasted for twice the pause before it.
///
/// An offset that is out of range is no fault of the handle that delivered messages before. The
/// next handle is opened at once, or after half a second if the last such end was less than ten
/// seconds ago. A longer pause would only let retention delete more. If handles end this way before
/// they deliver anything, the pause grows up to half a minute.
///
/// A handle has proved that it works when it has committed something. A member without messages
/// cannot commit: its handle is proved by ten seconds with an assignment, which may be empty, and
/// without an unacknowledged message.
///
/// Times count from any fixed point. The same seed gives the same jitter.
class handle_restarts {
public:
  handle_restarts(std::chrono::nanoseconds session_timeout, std::uint64_t seed);

  void opened(std::chrono::nanoseconds now) noexcept;

  /// The handle committed something.
  void committed() noexcept { is_proven_ = true; }

  /// The handle delivered a message.
  void delivered() noexcept { has_delivered_ = true; }
  bool has_delivered() const noexcept { return has_delivered_; }

  /// To be called every few seconds. `idle`: the member has an assignment, and has acknowledged all
  /// messages that were delivered.
  void checked(bool idle, std::chrono::nanoseconds now) noexcept;

  /// This handle works.
  bool is_proven() const noexcept { return is_proven_; }

  /// The handle ended at `now`, or could not be opened. Returns the pause before the next handle.
  std::chrono::nanoseconds ended(handle_end why, std::chrono::nanoseconds now);

  /// Handles that failed or were stuck in a row.
  std::size_t failures_in_a_row() const noexcept { return failures_.failures_in_a_row(); }

private:
  std::chrono::nanoseconds out_of_range(std::chrono::nanoseconds now, bool delivered);

  backoff_settings fenced_settings_;
  std::uint64_t seed_;
  backoff failures_;
  backoff fenced_;
  /// Handles in a row that ended by an offset out of range and delivered nothing.
  backoff fruitless_;
  /// The last end by an offset out of range.
  std::optional<std::chrono::nanoseconds> out_of_range_at_;
  std::chrono::nanoseconds fenced_for_{};
  std::chrono::nanoseconds opened_at_ = std::chrono::nanoseconds::max();
  std::optional<std::chrono::nanoseconds> idle_since_;
  bool is_proven_ = false;
  bool has_delivered_ = false;
};

} // namespace ottla::kafka

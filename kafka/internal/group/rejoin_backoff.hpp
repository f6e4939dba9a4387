#pragma once

#include <ottla/supervision/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ottla::kafka {

/// Why a member closes its Kafka handle and rejoins with a new one.
enum class rejoin_cause : std::uint8_t {
  /// Kafka or the driver ended the handle, or could not open it.
  failed,
  /// Another member of the group uses the same instance id.
  fenced,
  /// Brokers answer, but the group's coordinator assigns nothing, or does not answer heartbeats or
  /// commits.
  stuck,
  /// The log no longer holds the next offset of a partition. The handle works.
  out_of_range,
};

/// Decides how long a member waits before it opens its next Kafka handle and rejoins. The back-off
/// limits the rebalances that a repeated failure causes in the group.
///
/// After the first failure the member rejoins at once. After further failures in a row, the pause
/// grows from half a second to half a minute. A handle that has proved to work and has lasted for
/// ten seconds resets the count.
///
/// A member that was fenced by another member waits for two session timeouts, since its return
/// fences the other member. This pause doubles each time, up to an hour. A handle that has proved
/// to work and has lasted for twice the last pause resets the pause.
///
/// If a handle has delivered messages, an offset out of range is not its fault. The member then
/// rejoins at once, or after half a second if an offset was also out of range in the last ten
/// seconds. A longer pause would only let retention delete more messages. If handles end this way
/// before they deliver a message, the pause grows up to half a minute.
///
/// A commit proves that a handle works. A member without messages cannot commit. Its handle has
/// proved to work after ten seconds with an assignment, which may be empty, and without an
/// unacknowledged message.
///
/// Times count from any fixed point. The same seed gives the same jitter.
class rejoin_backoff {
public:
  rejoin_backoff(std::chrono::nanoseconds session_timeout, std::uint64_t seed);

  void opened(std::chrono::nanoseconds now) noexcept;

  /// The handle committed something.
  void committed() noexcept { is_proven_ = true; }

  /// The handle delivered a message.
  void delivered() noexcept { has_delivered_ = true; }
  bool has_delivered() const noexcept { return has_delivered_; }

  /// Call this every few seconds. `idle`: the member has an assignment, and has acknowledged all
  /// delivered messages.
  void checked(bool idle, std::chrono::nanoseconds now) noexcept;

  /// The handle has proved that it works.
  bool is_proven() const noexcept { return is_proven_; }

  /// The handle ended at `now`, or could not be opened. Returns the pause before the next handle.
  std::chrono::nanoseconds ended(rejoin_cause why, std::chrono::nanoseconds now);

  /// Number of handles in a row that failed or were stuck.
  std::size_t failures_in_a_row() const noexcept { return failures_.failures_in_a_row(); }

private:
  std::chrono::nanoseconds out_of_range(std::chrono::nanoseconds now, bool delivered);

  backoff_settings fenced_settings_;
  std::uint64_t seed_;
  backoff failures_;
  backoff fenced_;
  /// Counts handles in a row that delivered nothing before an offset was out of range.
  backoff fruitless_;
  /// When an offset was last out of range.
  std::optional<std::chrono::nanoseconds> out_of_range_at_;
  std::chrono::nanoseconds fenced_for_{};
  std::chrono::nanoseconds opened_at_ = std::chrono::nanoseconds::max();
  std::optional<std::chrono::nanoseconds> idle_since_;
  bool is_proven_ = false;
  bool has_delivered_ = false;
};

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/broker_view.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace ottla::kafka {

/// Decides whether a connection's brokers are unreachable, and when to ask them for a sign of life.
/// Handles in use hear from brokers all the time and need no questions. The handle of an idle
/// producer hears nothing. A partition without messages is not a fault.
class broker_health {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class action : std::uint8_t {
    none,
    /// Ask brokers for a sign of life, and call answered() with the outcome.
    ask,
    /// Release the resources for questions, which are no longer needed.
    stop_asking,
  };

  /// Upper bound of a silence that is normal.
  static constexpr std::chrono::milliseconds longest_silence{1'500};
  /// How long a question may take.
  static constexpr std::chrono::milliseconds ask_within{2'000};

  /// Call this every half second. Finds unreachable brokers within 4 s.
  action check(const broker_view& seen, time_point now);

  /// The question has ended. `why` is nullopt if a broker answered.
  void answered(std::optional<error> why, time_point now);

  /// The current fault, or nullopt.
  std::optional<error> complaint() const;

  /// When a broker last gave a sign of life.
  std::optional<time_point> heard_at() const noexcept { return heard_at_; }

private:
  broker_view seen_;
  std::optional<error> unanswered_;
  std::optional<time_point> heard_at_;
  time_point asked_at_ = {};
  bool asking_ = false;
  bool keeps_asking_ = false;
};

} // namespace ottla::kafka

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <utility>

namespace ottla {

/// The deadline of a tree's stop, and how the processes share the time until the deadline.
/// Processes end one after the other, so the first processes must leave time for the others.
///
/// These functions divide the time further: shutdown_policy::patience() in shutdown_policy.hpp,
/// parent::kill_grace() in parent.cpp, last_drain_time() in drain_deadline.hpp,
/// coordinator::shutdown() and membership_end::leave_within().
///
/// All times are times of the actors' clock, so that a stop can run in virtual time.
///
/// Thread safety: call from any thread.
class stop_deadline {
public:
  using time = std::chrono::nanoseconds;
  /// No stop is under way.
  static constexpr time none = time::max();

  /// Begins the stop at `now`, with a deadline after `within`, at most a year later. A later call
  /// replaces the deadline.
  void begin(time now, time within) noexcept;

  bool has_begun() const noexcept { return end_.load(std::memory_order_relaxed) != none; }

  /// The time until the deadline. Never negative. `none` while no stop is under way.
  time left(time now) const noexcept;

  /// Held by one process that will need time in a stop. The process releases the claim when it
  /// needs no more time.
  class claim {
  public:
    claim() = default;
    explicit claim(stop_deadline& on) noexcept : deadline_{&on} { ++on.claims_; }
    claim(claim&& other) noexcept : deadline_{std::exchange(other.deadline_, nullptr)} {}
    claim& operator=(claim&& other) noexcept {
      std::swap(deadline_, other.deadline_);
      return *this;
    }
    ~claim() {
      if (deadline_ != nullptr)
        --deadline_->claims_;
    }

  private:
    stop_deadline* deadline_ = nullptr;
  };

  /// How much of the remaining time one process may take: all except a reserve for each other
  /// claim. The reserve is a twentieth of the whole stop, at most 500 ms, which is enough for a few
  /// round trips to a broker. The reserve is never more than a quarter of the result. `none` while
  /// no stop is under way.
  time share(time now) const noexcept;

private:
  std::atomic<time> end_ = none;
  std::atomic<time> reserve_ = time::zero();
  std::atomic<std::size_t> claims_ = 0;
};

} // namespace ottla

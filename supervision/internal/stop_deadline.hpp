#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <utility>

namespace ottla {

/// When the stop of a tree ends, and how the processes share the time until then. Processes end one
/// after the other, so the first ones must leave time for the others.
///
/// Times are those of the actors' clock, so that a stop can run in virtual time.
///
/// Thread safety: call from any thread.
class stop_deadline {
public:
  using time = std::chrono::nanoseconds;
  /// No stop is under way.
  static constexpr time none = time::max();

  /// The stop begins `now` and ends when `within` has passed, after a year at the latest. The last
  /// call counts.
  void begin(time now, time within) noexcept;

  bool has_begun() const noexcept { return end_.load(std::memory_order_relaxed) != none; }

  /// Never negative; `none` while no stop is under way.
  time left(time now) const noexcept;

  /// Stands for one process that will need time when it is asked to end. The process releases the
  /// claim when it needs no time any more.
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

  /// How much of the time left one process may take: all but a reserve for each other claim. The
  /// reserve is a twentieth of the whole stop, at most 500 ms, which is enough for a few round
  /// trips to a broker. It is never more than a quarter of the result. `none` while no stop is
  /// under way.
  time share(time now) const noexcept;

private:
  std::atomic<time> end_ = none;
  std::atomic<time> reserve_ = time::zero();
  std::atomic<std::size_t> claims_ = 0;
};

} // namespace ottla

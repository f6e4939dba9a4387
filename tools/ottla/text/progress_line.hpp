#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace command {

/// The text of a progress bar, for example `orders  42% [########            ] 1200 records, 3.4
/// MB/s`. The caller decides whether a terminal shows it, and passes the time.
class progress_line {
public:
  /// `what` is the name before the bar.
  explicit progress_line(std::string what, std::chrono::steady_clock::time_point begin);

  struct counts {
    /// Any unit. No bar and no percentage if `total` is 0.
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };

  /// The next text to show. nullopt if the last text is younger than 100 ms.
  std::optional<std::string> next(const counts& now, std::chrono::steady_clock::time_point at);

private:
  std::string what_;
  std::chrono::steady_clock::time_point begin_;
  std::optional<std::chrono::steady_clock::time_point> shown_;
};

} // namespace command

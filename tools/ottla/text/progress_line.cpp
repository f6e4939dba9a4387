#include "text/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace command {

namespace {

constexpr std::chrono::milliseconds shortest_interval{100};
constexpr int bar_width = 24;

std::string speed(double bytes_per_second) {
  constexpr std::array units{"B/s", "kB/s", "MB/s", "GB/s"};
  std::size_t unit = 0;
  while (bytes_per_second >= 1'000 && unit + 1 < units.size()) {
    bytes_per_second /= 1'000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", bytes_per_second, units[unit]);
}

} // namespace

progress_line::progress_line(std::string what, std::chrono::steady_clock::time_point begin)
  : what_{std::move(what)}, begin_{begin} {}

std::optional<std::string> progress_line::next(const counts& now,
                                               std::chrono::steady_clock::time_point at) {
  if (shown_ && at - *shown_ < shortest_interval)
    return std::nullopt;
  shown_ = at;
  auto text = what_;
  if (now.total > 0) {
    const auto share
      = std::clamp(static_cast<double>(now.done) / static_cast<double>(now.total), 0.0, 1.0);
    const auto filled = static_cast<std::size_t>(share * bar_width);
    text += fmt::format(" {:3d}% [{:<{}}]", static_cast<int>(share * 100), std::string(filled, '#'),
                        bar_width);
  }
  const auto seconds = std::chrono::duration<double>(at - begin_).count();
  text += fmt::format(" {} records, {}", now.records,
                      speed(seconds > 0 ? static_cast<double>(now.bytes) / seconds : 0.0));
  return text;
}

} // namespace command

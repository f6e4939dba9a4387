#include <ottla/actors/internal/duration_text.hpp>

namespace ottla::detail {

std::string duration_text(std::chrono::nanoseconds value, std::string_view gap) {
  constexpr std::chrono::nanoseconds millisecond = std::chrono::milliseconds{1};
  constexpr std::chrono::nanoseconds microsecond = std::chrono::microseconds{1};
  const auto in = [&](std::chrono::nanoseconds unit, std::string_view name) {
    return std::to_string(value / unit).append(gap).append(name);
  };
  if (value % millisecond == value.zero())
    return in(millisecond, "ms");
  if (value % microsecond == value.zero())
    return in(microsecond, "us");
  return in(std::chrono::nanoseconds{1}, "ns");
}

} // namespace ottla::detail

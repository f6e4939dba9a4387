#include <ottla/kafka/internal/settings/time_limits.hpp>

#include <fmt/format.h>

namespace ottla::kafka {

namespace {

template <class Duration>
std::optional<std::string> fault_of(std::string_view setting, Duration value, std::string_view unit,
                                    time_limits limits) {
  // Converts the limits, which fit into every unit. A converted value might overflow.
  if (value >= Duration{limits.shortest} && value <= Duration{limits.longest})
    return std::nullopt;
  return fmt::format("{} must be from {}ms to {}ms, got {}{}", setting, limits.shortest.count(),
                     limits.longest.count(), value.count(), unit);
}

} // namespace

std::optional<std::string> fault_of_time(std::string_view setting, std::chrono::milliseconds value,
                                         time_limits limits) {
  return fault_of(setting, value, "ms", limits);
}

std::optional<std::string> fault_of_time(std::string_view setting, std::chrono::microseconds value,
                                         time_limits limits) {
  return fault_of(setting, value, "us", limits);
}

} // namespace ottla::kafka

#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// The shortest and the longest value of a setting.
struct time_limits {
  std::chrono::milliseconds shortest;
  std::chrono::milliseconds longest;
};

/// librdkafka counts milliseconds in an int32, so this is almost 25 days.
inline constexpr std::chrono::milliseconds longest_time{std::numeric_limits<std::int32_t>::max()};

// The limits of librdkafka, which parses numbers modulo 2^32. A longer time could become a short
// time.
inline constexpr time_limits metadata_interval_limits{std::chrono::milliseconds{1},
                                                      std::chrono::hours{1}};
inline constexpr time_limits session_timeout_limits{std::chrono::milliseconds{1},
                                                    std::chrono::hours{1}};
inline constexpr time_limits heartbeat_interval_limits{std::chrono::milliseconds{1},
                                                       std::chrono::hours{1}};
inline constexpr time_limits max_poll_interval_limits{std::chrono::milliseconds{1},
                                                      std::chrono::hours{24}};
inline constexpr time_limits fetch_wait_limits{std::chrono::milliseconds{0},
                                               std::chrono::minutes{5}};
inline constexpr time_limits linger_limits{std::chrono::milliseconds{0}, std::chrono::minutes{15}};
inline constexpr time_limits delivery_timeout_limits{std::chrono::milliseconds{1}, longest_time};

/// Returns the fault, such as `linger must be from 0ms to 900000ms, got -5us`. Returns nullopt if
/// the value is within the limits.
std::optional<std::string> fault_of_time(std::string_view setting, std::chrono::milliseconds value,
                                         time_limits limits);
std::optional<std::string> fault_of_time(std::string_view setting, std::chrono::microseconds value,
                                         time_limits limits);

} // namespace ottla::kafka

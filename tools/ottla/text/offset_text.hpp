#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/fetch/end_offset.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace command {

/// The last `offsets` offsets of a log, as in `--from -5`.
struct before_end {
  std::int64_t offsets = 0;
};

/// Where reading begins.
using start_offset = std::variant<ottla::kafka::earliest, ottla::kafka::latest,
                                  ottla::kafka::at_offset, ottla::kafka::since, before_end>;

inline constexpr const char* start_forms
  = "earliest, latest, an offset such as 1200, a number before the end such as -5, or a time such "
    "as 2026-01-31T12:00:00Z";
inline constexpr const char* end_forms
  = "latest, an offset such as 1200, or a time such as 2026-01-31T12:00:00Z";

/// Reads one of start_forms. nullopt for any other text.
std::optional<start_offset> parse_start(std::string_view text);

/// Reads one of end_forms. nullopt for any other text.
std::optional<ottla::kafka::end_offset> parse_end(std::string_view text);

/// Reads a time in UTC, `2026-01-31`, `2026-01-31T12:00:00Z` or `2026-01-31T12:00:00.250Z`, from
/// 1970 to the last time of the system clock, 2262-04-11T23:47:16.854Z. nullopt for any other text.
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);

/// Reads a whole decimal number. nullopt for any other text, and for numbers beyond 64 bits.
std::optional<std::int64_t> parse_number(std::string_view text);

inline constexpr const char* duration_forms
  = "a time with a unit of ms, s, min, h or d, such as 10s, of at most 10000d";

/// Reads a time from 1 ms to 10,000 days. nullopt for any other text.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

} // namespace command

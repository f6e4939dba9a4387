#include "text/offset_text.hpp"

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

/// Whether the text has the form of the pattern, where `d` is any digit.
bool has_form(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size())
    return false;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (pattern[at] == 'd' ? text[at] < '0' || text[at] > '9' : text[at] != pattern[at])
      return false;
  return true;
}

} // namespace

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || fault != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text) {
  using namespace std::chrono;
  const bool has_milliseconds = has_form(text, "dddd-dd-ddTdd:dd:dd.dddZ");
  const bool has_time = has_milliseconds || has_form(text, "dddd-dd-ddTdd:dd:ddZ");
  if (!has_time && !has_form(text, "dddd-dd-dd"))
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) {
    return static_cast<int>(*parse_number(text.substr(at, digits)));
  };
  const year_month_day date{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                            day{static_cast<unsigned>(number(8, 2))}};
  if (!date.ok() || number(0, 4) < 1970)
    return std::nullopt;
  // The clock counts nanoseconds and ends in 2262, so the sum is made in milliseconds.
  sys_time<milliseconds> when = sys_days{date};
  if (has_time) {
    if (number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59)
      return std::nullopt;
    when += hours{number(11, 2)} + minutes{number(14, 2)} + seconds{number(17, 2)};
  }
  if (has_milliseconds)
    when += milliseconds{number(20, 3)};
  if (when > floor<milliseconds>(system_clock::time_point::max()))
    return std::nullopt;
  return when;
}

std::optional<start_offset> parse_start(std::string_view text) {
  if (text == "earliest")
    return kafka::earliest{};
  if (text == "latest")
    return kafka::latest{};
  if (const auto number = parse_number(text)) {
    if (!text.starts_with('-'))
      return kafka::at_offset{*number};
    // The smallest number has no positive counterpart. `-0` is the end.
    return before_end{*number == INT64_MIN ? INT64_MAX : -*number};
  }
  if (const auto when = parse_time(text))
    return kafka::since{*when};
  return std::nullopt;
}

std::optional<kafka::end_offset> parse_end(std::string_view text) {
  if (text == "latest")
    return kafka::latest{};
  if (const auto number = parse_number(text); number && !text.starts_with('-'))
    return kafka::below{*number};
  if (const auto when = parse_time(text))
    return kafka::before{*when};
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  using namespace std::chrono;
  constexpr milliseconds longest = hours{24 * 10'000};
  constexpr std::array<std::pair<std::string_view, milliseconds>, 5> units{{{"ms", milliseconds{1}},
                                                                            {"s", seconds{1}},
                                                                            {"min", minutes{1}},
                                                                            {"h", hours{1}},
                                                                            {"d", hours{24}}}};
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number(text.substr(0, digits));
  if (!number || *number < 1)
    return std::nullopt;
  for (const auto& [name, length] : units)
    if (text.substr(digits) == name && *number <= longest / length)
      return *number * length;
  return std::nullopt;
}

} // namespace command

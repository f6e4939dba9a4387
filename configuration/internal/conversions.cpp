#include <ottla/configuration/internal/conversions.hpp>
#include <ottla/kafka/internal/settings/broker_list.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

namespace ottla::kafka {

namespace {

template <class Value>
struct choice {
  std::string_view name;
  Value value;
};

constexpr std::array assignors{
  choice<assignor>{"range", assignor::range},
  choice<assignor>{"round_robin", assignor::round_robin},
  choice<assignor>{"cooperative_sticky", assignor::cooperative_sticky}};
constexpr std::array allocations{
  choice<worker_allocation>{"per_topic_partition", worker_allocation::per_topic_partition},
  choice<worker_allocation>{"per_partition", worker_allocation::per_partition}};
constexpr std::array executions{choice<execution>{"scheduled", execution::scheduled},
                                choice<execution>{"detached", execution::detached}};

constexpr std::array mechanisms{choice<sasl_choice>{"PLAIN", sasl_choice::plain},
                                choice<sasl_choice>{"SCRAM-SHA-256", sasl_choice::scram_sha_256},
                                choice<sasl_choice>{"SCRAM-SHA-512", sasl_choice::scram_sha_512},
                                choice<sasl_choice>{"OAUTHBEARER", sasl_choice::oauthbearer}};

template <class Choices>
std::string names_of(const Choices& choices) {
  std::string names;
  for (const auto& each : choices)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", each.name);
  return names;
}

const std::string* text_in(const raw_value& from) {
  return std::get_if<std::string>(&from.data);
}

template <class Choices, class Value>
std::string read_choice(const Choices& choices, Value& to, const raw_value& from) {
  if (const auto* text = text_in(from))
    for (const auto& each : choices)
      if (each.name == *text) {
        to = each.value;
        return {};
      }
  return "must be one of " + names_of(choices);
}

template <class Choices, class Value>
std::string name_in(const Choices& choices, Value value) {
  for (const auto& each : choices)
    if (each.value == value)
      return fmt::format("\"{}\"", each.name);
  return {};
}

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

std::optional<std::int64_t> integer_in(const raw_value& from) {
  if (const auto* number = std::get_if<std::int64_t>(&from.data))
    return *number;
  const auto* text = text_in(from);
  return from.is_variable && text != nullptr ? parsed<std::int64_t>(*text) : std::nullopt;
}

/// A number with a unit, such as 64 and MiB. nullopt if the text does not begin with a digit, or if
/// the number does not fit into 63 bits.
struct quantity {
  std::int64_t number;
  std::string_view unit;
};

std::optional<quantity> quantity_in(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parsed<std::int64_t>(text.substr(0, digits));
  if (!number)
    return std::nullopt;
  auto unit = text.substr(digits);
  while (unit.starts_with(' '))
    unit.remove_prefix(1);
  return quantity{*number, unit};
}

struct unit {
  std::string_view name;
  std::int64_t size;
};

constexpr std::array times{unit{"ns", 1},
                           unit{"us", 1'000},
                           unit{"ms", 1'000'000},
                           unit{"s", 1'000'000'000},
                           unit{"min", 60'000'000'000},
                           unit{"h", 3'600'000'000'000},
                           unit{"d", 86'400'000'000'000}};

constexpr std::array sizes{unit{"B", 1},
                           unit{"kB", 1'000},
                           unit{"KiB", 1'024},
                           unit{"MB", 1'000'000},
                           unit{"MiB", 1'048'576},
                           unit{"GB", 1'000'000'000},
                           unit{"GiB", 1'073'741'824}};

/// The text in the smallest unit. nullopt if the unit is unknown or the product does not fit.
template <std::size_t Size>
std::optional<std::int64_t> in_units(std::string_view text, const std::array<unit, Size>& units) {
  const auto found = quantity_in(text);
  if (!found)
    return std::nullopt;
  for (const auto& each : units)
    if (each.name == found->unit)
      return found->number > std::numeric_limits<std::int64_t>::max() / each.size
               ? std::nullopt
               : std::optional{found->number * each.size};
  return std::nullopt;
}

template <std::size_t Size>
std::string with_largest_unit(std::int64_t amount, const std::array<unit, Size>& units,
                              std::string_view smallest) {
  if (amount == 0)
    return fmt::format("\"0{}\"", smallest);
  const unit* best = &units.front();
  for (const auto& each : units)
    if (amount % each.size == 0 && each.size >= best->size)
      best = &each;
  return fmt::format("\"{}{}\"", amount / best->size, best->name);
}

template <class Duration>
std::string read_duration(Duration& to, const raw_value& from, std::string_view unit) {
  const auto* text = text_in(from);
  const auto amount = text != nullptr ? in_units(*text, times) : std::nullopt;
  if (!amount)
    return "must be a duration with a unit of ns, us, ms, s, min, h or d, such as \"500ms\"";
  const auto exact = std::chrono::nanoseconds{*amount};
  const auto whole = std::chrono::duration_cast<Duration>(exact);
  if (whole != exact)
    return fmt::format("must be a whole number of {}", unit);
  to = whole;
  return {};
}

std::optional<std::vector<std::string>> texts_in(const raw_value& from) {
  if (const auto* list = std::get_if<raw_value::list>(&from.data))
    return *list;
  const auto* text = text_in(from);
  if (!from.is_variable || text == nullptr)
    return std::nullopt;
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin < text->size();) {
    const auto end = std::min(text->find(',', begin), text->size());
    const auto first = std::min(text->find_first_not_of(' ', begin), end);
    auto last = end;
    while (last > first && (*text)[last - 1] == ' ')
      --last;
    all.push_back(text->substr(first, last - first));
    begin = end + 1;
  }
  return all;
}

/// A time in UTC, such as 2026-01-31T12:00:00Z.
std::optional<std::chrono::system_clock::time_point> time_in(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view pattern = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != pattern.size())
    return std::nullopt;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (pattern[at] == 'd' ? text[at] < '0' || text[at] > '9' : text[at] != pattern[at])
      return std::nullopt;
  const auto number
    = [&](std::size_t at, std::size_t digits) { return *parsed<int>(text.substr(at, digits)); };
  const year_month_day date{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                            day{static_cast<unsigned>(number(8, 2))}};
  if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59)
    return std::nullopt;
  // system_clock counts nanoseconds, which reach from 1677 to 2262.
  if (number(0, 4) < 1970 || number(0, 4) > 2200)
    return std::nullopt;
  return sys_days{date} + hours{number(11, 2)} + minutes{number(14, 2)} + seconds{number(17, 2)};
}

} // namespace

std::string read(std::string& to, const raw_value& from) {
  const auto* text = text_in(from);
  if (text == nullptr)
    return "must be a text in quotes";
  if (text->find('\0') != std::string::npos)
    return "must not contain a NUL";
  to = *text;
  return {};
}

std::string read(bool& to, const raw_value& from) {
  if (const auto* yes = std::get_if<bool>(&from.data)) {
    to = *yes;
    return {};
  }
  const auto* text = text_in(from);
  if (!from.is_variable || text == nullptr || (*text != "true" && *text != "false"))
    return "must be true or false";
  to = *text == "true";
  return {};
}

std::string read(std::optional<bool>& to, const raw_value& from) {
  bool yes = false;
  auto fault = read(yes, from);
  if (fault.empty())
    to = yes;
  return fault;
}

std::string read(std::size_t& to, const raw_value& from) {
  const auto number = integer_in(from);
  if (!number || *number < 0)
    return "must be a whole number that is not negative";
  to = static_cast<std::size_t>(*number);
  return {};
}

std::string read(double& to, const raw_value& from) {
  const auto* number = std::get_if<double>(&from.data);
  auto value = number != nullptr ? std::optional{*number} : std::nullopt;
  if (const auto whole = integer_in(from))
    value = static_cast<double>(*whole);
  else if (const auto* text = text_in(from); from.is_variable && text != nullptr)
    value = parsed<double>(*text);
  if (!value || !std::isfinite(*value))
    return "must be a number";
  to = *value;
  return {};
}

std::string read(byte_count to, const raw_value& from) {
  auto bytes = integer_in(from);
  if (const auto* text = text_in(from); text != nullptr && !bytes)
    bytes = in_units(*text, sizes);
  if (!bytes || *bytes < 0)
    return "must be a number of bytes, or a size with a unit of B, kB, KiB, MB, MiB, GB or GiB, "
           "such "
           "as \"64MiB\"";
  to.bytes = static_cast<std::size_t>(*bytes);
  return {};
}

std::string read(optional_byte_count to, const raw_value& from) {
  std::size_t bytes = 0;
  auto fault = read(byte_count{bytes}, from);
  if (fault.empty())
    to.bytes = bytes;
  return fault;
}

std::string read(brokers_text to, const raw_value& from) {
  std::string text;
  if (auto fault = read(text, from); !fault.empty())
    return fault;
  std::string faults;
  for (const auto& each : parse_brokers(text).faults)
    faults += (faults.empty() ? "" : "; ") + each;
  if (faults.empty())
    to.text = std::move(text);
  return faults.empty() ? faults : "is no list of brokers: " + faults;
}

std::string read(topic_names to, const raw_value& from) {
  auto topics = texts_in(from);
  if (!topics)
    return "must be a list of texts, such as [\"orders\", \"returns\"]";
  for (const auto& each : *topics)
    if (const auto fault = fault_of_topic(each))
      return "is no list of topics: " + *fault;
  to.topics = std::move(*topics);
  return {};
}

std::string read(assignor& to, const raw_value& from) {
  return read_choice(assignors, to, from);
}

std::string read(worker_allocation& to, const raw_value& from) {
  return read_choice(allocations, to, from);
}

std::string read(execution& to, const raw_value& from) {
  return read_choice(executions, to, from);
}

std::string read(std::optional<sasl_choice>& to, const raw_value& from) {
  return read_choice(mechanisms, to, from);
}

std::string read(begin_offset& to, const raw_value& from) {
  const auto offset = integer_in(from);
  const auto* text = text_in(from);
  if (offset && *offset >= 0)
    to = at_offset{*offset};
  else if (text != nullptr && *text == "earliest")
    to = earliest{};
  else if (text != nullptr && *text == "latest")
    to = latest{};
  else if (const auto when = text != nullptr ? time_in(*text) : std::nullopt)
    to = since{*when};
  else
    return "must be \"earliest\", \"latest\", an offset, or a time from 1970 to 2200 in UTC, such "
           "as "
           "\"2026-01-31T12:00:00Z\"";
  return {};
}

std::string read(std::chrono::milliseconds& to, const raw_value& from) {
  return read_duration(to, from, "milliseconds");
}

std::string read(std::chrono::microseconds& to, const raw_value& from) {
  return read_duration(to, from, "microseconds");
}

std::string read(std::chrono::nanoseconds& to, const raw_value& from) {
  return read_duration(to, from, "nanoseconds");
}

std::string type_of(const std::string&) {
  return "text";
}
std::string type_of(bool) {
  return "true or false";
}
std::string type_of(const std::optional<bool>&) {
  return "true or false";
}
std::string type_of(std::size_t) {
  return "whole number";
}
std::string type_of(double) {
  return "number";
}
std::string type_of(byte_count) {
  return "size";
}
std::string type_of(optional_byte_count) {
  return "size";
}
std::string type_of(brokers_text) {
  return "list of brokers";
}
std::string type_of(topic_names) {
  return "list of texts";
}
std::string type_of(assignor) {
  return names_of(assignors);
}
std::string type_of(worker_allocation) {
  return names_of(allocations);
}
std::string type_of(execution) {
  return names_of(executions);
}
std::string type_of(const std::optional<sasl_choice>&) {
  return names_of(mechanisms);
}
std::string type_of(const begin_offset&) {
  return "\"earliest\", \"latest\", an offset, or a time";
}
std::string type_of(std::chrono::nanoseconds) {
  return "duration";
}

std::string written(const std::string& value) {
  return value.empty() ? "" : fmt::format("\"{}\"", value);
}
std::string written(bool value) {
  return value ? "true" : "false";
}
std::string written(const std::optional<bool>& value) {
  return value ? written(*value) : "";
}
std::string written(std::size_t value) {
  return std::to_string(value);
}
std::string written(double value) {
  return fmt::format("{}", value);
}
std::string written(byte_count value) {
  return with_largest_unit(static_cast<std::int64_t>(value.bytes), sizes, "B");
}
std::string written(optional_byte_count value) {
  return value.bytes ? written(byte_count{*value.bytes}) : "";
}
std::string written(brokers_text value) {
  return written(value.text);
}
std::string written(topic_names value) {
  return value.topics.empty() ? "" : fmt::format("\"{}\"", fmt::join(value.topics, "\", \""));
}
std::string written(assignor value) {
  return name_in(assignors, value);
}
std::string written(worker_allocation value) {
  return name_in(allocations, value);
}
std::string written(execution value) {
  return name_in(executions, value);
}
std::string written(const std::optional<sasl_choice>& value) {
  return value ? name_in(mechanisms, *value) : "";
}
std::string written(const begin_offset& value) {
  return std::holds_alternative<earliest>(value) ? "\"earliest\"" : "";
}
std::string written(std::chrono::nanoseconds value) {
  return with_largest_unit(value.count(), times, "ms");
}

} // namespace ottla::kafka

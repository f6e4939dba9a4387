#include "text/record_json.hpp"

#include "text/base64.hpp"
#include "text/offset_text.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;
using json = nlohmann::ordered_json;

namespace {

/// Thrown within this file only.
struct fault : std::runtime_error {
  using runtime_error::runtime_error;
};

void put_bytes(json& into, const char* name, const char* encoding,
               std::optional<std::string_view> bytes) {
  if (!bytes) {
    into[name] = nullptr;
  } else if (is_utf8(*bytes)) {
    into[name] = *bytes;
  } else {
    into[name] = to_base64(*bytes);
    into[encoding] = "base64";
  }
}

void reject_other_keys(const json& from, std::initializer_list<std::string_view> known) {
  for (const auto& each : from.items())
    if (std::find(known.begin(), known.end(), each.key()) == known.end())
      throw fault{fmt::format("has the unknown key \"{}\"", printable(each.key()))};
}

/// The text or the decoded bytes of a key. nullopt if the key is missing or null.
std::optional<std::string> bytes_in(const json& from, const char* name, const char* encoding) {
  bool is_base64 = false;
  if (const auto how = from.find(encoding); how != from.end()) {
    if (*how != "base64")
      throw fault{fmt::format("has a value of \"{}\" other than \"base64\"", encoding)};
    is_base64 = true;
  }
  const auto found = from.find(name);
  if (found == from.end() || found->is_null())
    return std::nullopt;
  if (!found->is_string())
    throw fault{
      fmt::format("has a \"{}\" that is not a string: write JSON values as a string", name)};
  auto text = found->get<std::string>();
  if (!is_base64)
    return text;
  auto bytes = from_base64(text);
  if (!bytes)
    throw fault{fmt::format("has a \"{}\" that is not base64", name)};
  return bytes;
}

using named_values = std::vector<std::pair<std::string, std::optional<std::string>>>;

named_values headers_in(const json& from) {
  named_values headers;
  const auto found = from.find("headers");
  if (found == from.end() || found->is_null())
    return headers;
  if (!found->is_array())
    throw fault{"has \"headers\" that are not an array"};
  for (const auto& each : *found) {
    if (!each.is_object())
      throw fault{"has a header that is not an object"};
    reject_other_keys(each, {"name", "name_encoding", "value", "encoding"});
    auto name = bytes_in(each, "name", "name_encoding");
    if (!name)
      throw fault{"has a header without a \"name\""};
    headers.emplace_back(std::move(*name), bytes_in(each, "value", "encoding"));
  }
  return headers;
}

std::optional<kafka::saturating_time> timestamp_in(const json& from) {
  const auto found = from.find("timestamp");
  if (found == from.end() || found->is_null())
    return std::nullopt;
  const auto when
    = found->is_string() ? parse_time(found->get_ref<const std::string&>()) : std::nullopt;
  if (!when)
    throw fault{"has a \"timestamp\" that is not a time such as \"2026-01-31T12:00:00.250Z\", from "
                "1970 to 2262-04-11T23:47:16.854Z"};
  return kafka::saturating_time{*when};
}

std::int32_t partition_in(const json& from) {
  const auto found = from.find("partition");
  if (found == from.end() || found->is_null())
    return -1;
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > INT32_MAX)
    throw fault{"has a \"partition\" that is not a number from 0 to 2147483647"};
  return found->get<std::int32_t>();
}

input_record record_in(const json& from) {
  if (!from.is_object())
    throw fault{"is not a JSON object"};
  reject_other_keys(from, {"topic", "partition", "offset", "timestamp", "key", "key_encoding",
                           "value", "value_encoding", "headers"});
  return {.record = {.key = bytes_in(from, "key", "key_encoding"),
                     .value = bytes_in(from, "value", "value_encoding"),
                     .headers = headers_in(from),
                     .timestamp = timestamp_in(from)},
          .partition = partition_in(from)};
}

} // namespace

std::string to_text(std::chrono::system_clock::time_point when) {
  using namespace std::chrono;
  const auto exact = floor<milliseconds>(when);
  const auto day = floor<days>(exact);
  const year_month_day date{day};
  const hh_mm_ss time{exact - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

record_view view_of(const kafka::message& what) {
  record_view view{
    .offset = what.offset(), .timestamp = what.timestamp(), .headers = what.headers()};
  if (what.has_key())
    view.key = what.key();
  if (what.has_value())
    view.value = what.value();
  return view;
}

std::string to_json_line(const record_view& what, const kafka::topic_partition& from) {
  json line{{"topic", from.topic}, {"partition", from.partition}, {"offset", what.offset}};
  if (what.timestamp)
    line["timestamp"] = to_text(*what.timestamp);
  put_bytes(line, "key", "key_encoding", what.key);
  put_bytes(line, "value", "value_encoding", what.value);
  if (!what.headers.empty()) {
    auto& list = line["headers"] = json::array();
    for (const auto& each : what.headers) {
      json one;
      put_bytes(one, "name", "name_encoding", each.name);
      put_bytes(one, "value", "encoding",
                each.has_value() ? std::optional{each.value} : std::nullopt);
      list.push_back(std::move(one));
    }
  }
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::variant<input_record, std::string> parse_json_record(std::string_view line) {
  // Deep nesting is rejected before it is parsed: the parser's result is destroyed recursively.
  constexpr int deepest = 8;
  const auto limit = [&](int depth, json::parse_event_t, json&) {
    if (depth > deepest)
      throw fault{"has more than 8 levels of nesting"};
    return true;
  };
  try {
    const auto whole = json::parse(line, limit, false);
    if (whole.is_discarded())
      return std::string{"is not valid JSON"};
    return record_in(whole);
  } catch (const fault& what) {
    return std::string{what.what()};
  }
}

} // namespace command

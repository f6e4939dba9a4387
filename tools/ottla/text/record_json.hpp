#pragma once

#include <ottla/kafka/message.hpp>
#include <ottla/kafka/record.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace command {

/// A record for `ottla produce`.
struct input_record {
  ottla::kafka::record record = {};
  /// Negative if the key chooses the partition.
  std::int32_t partition = -1;
};

/// A record to show. Views of a message, which must outlive it.
struct record_view {
  std::int64_t offset = 0;
  std::optional<std::string_view> key = std::nullopt;
  std::optional<std::string_view> value = std::nullopt;
  std::optional<std::chrono::system_clock::time_point> timestamp = std::nullopt;
  std::vector<ottla::kafka::header> headers = {};
};

record_view view_of(const ottla::kafka::message& what);

/// The record as one line of JSON, without a line end. A key, a value or a header that is not UTF-8
/// is written as base64, and `key_encoding`, `value_encoding` or the header's `encoding` is
/// "base64".
std::string to_json_line(const record_view& what, const ottla::kafka::topic_partition& from);

/// Reads what to_json_line writes. All keys are optional. `topic` and `offset` are ignored, so that
/// records can be copied to another topic. Returns a text that names the first fault.
std::variant<input_record, std::string> parse_json_record(std::string_view line);

/// `2026-01-31T12:00:00.250Z`
std::string to_text(std::chrono::system_clock::time_point when);

} // namespace command

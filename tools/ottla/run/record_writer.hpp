#pragma once

#include <ottla/kafka/message.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include "arguments/arguments.hpp"
#include "run/output.hpp"
#include "text/record_json.hpp"

#include <cstdint>

namespace command {

/// Writes records, each as a line of text or of JSON, up to a number of records. A line of text has
/// the bytes of the value as they are, and `null` for no value.
class record_writer {
public:
  record_writer(output& out, output_format format, record_output how);

  /// Returns whether the record was written. False if enough records are written, or if the output
  /// is closed or failed.
  bool write(const ottla::kafka::message& what, const ottla::kafka::topic_partition& from);

  /// Nothing more can be written.
  bool is_done() const noexcept { return !out_.is_good() || has_enough(); }

  std::uint64_t count() const noexcept { return count_; }
  /// Bytes of keys and values.
  std::uint64_t bytes() const noexcept { return bytes_; }

private:
  bool has_enough() const noexcept { return how_.most != 0 && count_ >= how_.most; }
  bool write(const record_view& what, const ottla::kafka::topic_partition& from);

  output& out_;
  const output_format format_;
  const record_output how_;
  /// Whether a line needs more than the value.
  const bool is_plain_;
  std::uint64_t count_ = 0;
  std::uint64_t bytes_ = 0;
};

} // namespace command

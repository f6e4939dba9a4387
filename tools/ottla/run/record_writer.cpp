#include "run/record_writer.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

constexpr std::string_view null_text = "null";

std::string text_of(record_part part, const record_view& what, const kafka::topic_partition& from) {
  switch (part) {
    case record_part::partition: return std::to_string(from.partition);
    case record_part::offset: return std::to_string(what.offset);
    case record_part::timestamp:
      return what.timestamp ? to_text(*what.timestamp) : std::string{null_text};
    case record_part::key: return std::string{what.key.value_or(null_text)};
    case record_part::headers: break;
  }
  std::string list;
  for (const auto& each : what.headers) {
    list += list.empty() ? "" : ",";
    list += each.name;
    list += '=';
    list += each.has_value() ? each.value : null_text;
  }
  return list;
}

} // namespace

record_writer::record_writer(output& out, output_format format, record_output how)
  : out_{out},
    format_{format},
    how_{std::move(how)},
    is_plain_{format == output_format::text && how_.parts.empty()} {}

bool record_writer::write(const kafka::message& what, const kafka::topic_partition& from) {
  if (is_done())
    return false;
  if (!is_plain_)
    return write(view_of(what), from);
  // Headers and timestamps are read from librdkafka only if they are shown.
  record_view view{.offset = what.offset()};
  if (what.has_key())
    view.key = what.key();
  if (what.has_value())
    view.value = what.value();
  return write(view, from);
}

bool record_writer::write(const record_view& what, const kafka::topic_partition& from) {
  if (format_ == output_format::json) {
    out_.write(to_json_line(what, from));
  } else {
    for (const auto part : how_.parts) {
      out_.write(text_of(part, what, from));
      out_.write("\t");
    }
    out_.write(what.value.value_or(null_text));
  }
  out_.write("\n");
  if (!out_.is_good())
    return false;
  ++count_;
  bytes_ += what.key.value_or("").size() + what.value.value_or("").size();
  return true;
}

} // namespace command

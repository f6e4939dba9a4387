// Does any line of JSON crash `ottla produce`, or change when its record is written and read again?
#include "text/record_json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace command;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = parse_json_record({reinterpret_cast<const char*>(data), size});
  if (const auto* fault = std::get_if<std::string>(&parsed)) {
    if (fault->empty())
      std::abort();
    return 0;
  }
  const auto& first = std::get<input_record>(parsed);
  ottla::kafka::stored_record stored;
  static_cast<ottla::kafka::record&>(stored) = first.record;
  const auto line
    = to_json_line(view_of(stored), {"orders", first.partition < 0 ? 0 : first.partition});
  const auto again = parse_json_record(line);
  const auto* second = std::get_if<input_record>(&again);
  if (second == nullptr || second->record.key != first.record.key
      || second->record.value != first.record.value
      || second->record.headers != first.record.headers
      || second->record.timestamp != first.record.timestamp)
    std::abort();
  return 0;
}

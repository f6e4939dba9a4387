#include "text/line_record.hpp"

namespace command {

std::variant<input_record, std::string> record_of(std::string_view line,
                                                  const produce_records& how) {
  input_record made;
  if (how.format == input_format::json) {
    auto parsed = parse_json_record(line);
    if (std::holds_alternative<std::string>(parsed))
      return parsed;
    made = std::get<input_record>(std::move(parsed));
  } else if (how.key_separator.empty()) {
    made.record.key = how.key;
    made.record.value = std::string{line};
  } else {
    const auto at = line.find(how.key_separator);
    if (at == std::string_view::npos)
      return std::string{"has no key separator"};
    made.record.key = std::string{line.substr(0, at)};
    made.record.value = std::string{line.substr(at + how.key_separator.size())};
  }
  for (const auto& each : how.headers)
    made.record.headers.push_back(each);
  if (how.partition >= 0)
    made.partition = how.partition;
  return made;
}

} // namespace command

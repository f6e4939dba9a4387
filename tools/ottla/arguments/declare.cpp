#include "arguments/declare.hpp"

#include <vector>

namespace command {

namespace {

std::string not_empty(const std::string& names, const std::string& given) {
  auto text = literal(given);
  if (text.empty())
    throw CLI::ValidationError(names, "must not be empty");
  return text;
}

void declare_from(CLI::App& command, auto& into) {
  add_parsed(command, "--from", into, parse_start, start_forms,
             std::string{"Where to begin: "} + start_forms)
    ->type_name("OFFSET")
    ->default_str("earliest");
}

} // namespace

std::string wrapped(std::string_view text) {
  constexpr std::size_t longest = 90;
  std::string all;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    auto size = line.size();
    if (size > longest && !line.starts_with(' '))
      if (const auto blank = line.rfind(' ', longest); blank != std::string_view::npos)
        size = blank;
    all += line.substr(0, size);
    text.remove_prefix(size);
    if (!text.empty()) {
      all += '\n';
      text.remove_prefix(1);
    }
  }
  return all;
}

CLI::Option* add_text(CLI::App& command, const std::string& names, std::string& into,
                      const std::string& description) {
  return command.add_option_function<std::string>(
    names, [&into, names](const std::string& text) { into = not_empty(names, text); }, description);
}

CLI::Option* add_texts(CLI::App& command, const std::string& names, std::vector<std::string>& into,
                       const std::string& description) {
  return command.add_option_function<std::vector<std::string>>(
    names,
    [&into, names](const std::vector<std::string>& texts) {
      into.clear();
      for (const auto& each : texts)
        into.push_back(not_empty(names, each));
    },
    description);
}

void add_confirmation(CLI::App& command, bool& confirmed) {
  command.add_flag("--yes", confirmed,
                   "Confirm the command; without this flag, it changes nothing");
}

void add_partitions_option(CLI::App& command, std::vector<std::int32_t>& into) {
  command
    .add_option_function<std::vector<std::string>>(
      "-p,--partition",
      [&into](const std::vector<std::string>& texts) {
        for (const auto& each : texts) {
          const auto number = parse_number(literal(each));
          if (!number || *number < 0 || *number > INT32_MAX)
            throw CLI::ValidationError("--partition", "must be a number from 0 to 2147483647");
          into.push_back(static_cast<std::int32_t>(*number));
        }
      },
      "Only these partitions, such as 0,3")
    ->delimiter(',')
    ->allow_extra_args(false)
    ->type_name("N");
}

void add_from(CLI::App& command, start_offset& into) {
  declare_from(command, into);
}

void add_from(CLI::App& command, std::optional<start_offset>& into) {
  declare_from(command, into);
}

void add_until(CLI::App& command, ottla::kafka::end_offset& into) {
  add_parsed(command, "--until", into, parse_end, end_forms,
             std::string{"Where to end, exclusive: "} + end_forms)
    ->type_name("OFFSET")
    ->default_str("latest");
}

void add_record_output(CLI::App& command, record_output& into) {
  add_number(command, "-n,--max-messages", into.most, std::uint64_t{0}, std::uint64_t{INT64_MAX},
             "End after this many records; 0 for all")
    ->default_str(std::to_string(into.most));
  static const std::map<std::string, record_part> parts{{"partition", record_part::partition},
                                                        {"offset", record_part::offset},
                                                        {"timestamp", record_part::timestamp},
                                                        {"key", record_part::key},
                                                        {"headers", record_part::headers}};
  command
    .add_option_function<std::vector<std::string>>(
      "--with",
      [&into](const std::vector<std::string>& names) {
        for (const auto& each : names)
          into.parts.push_back(parts.at(each));
      },
      "Show these parts before each value, separated by tabs. JSON shows all parts")
    ->delimiter(',')
    ->allow_extra_args(false)
    ->type_name("PART")
    ->check(CLI::IsMember({"partition", "offset", "timestamp", "key", "headers"}));
}

void add_read_uncommitted(CLI::App& command, bool& into) {
  command.add_flag("--read-uncommitted", into,
                   "Also show records of open and aborted transactions");
}

std::optional<std::pair<std::string, std::string>> parse_pair(const std::string& text) {
  const auto sign = text.find('=');
  if (sign == 0 || sign == std::string::npos)
    return std::nullopt;
  return std::pair{text.substr(0, sign), text.substr(sign + 1)};
}

} // namespace command

#pragma once

#include "arguments/arguments.hpp"
#include "arguments/literal_words.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace command {

// Each of these functions adds a command to the definition of the command line. A command stores
// its arguments in `chosen` when it was parsed.
void declare_topics(CLI::App& app, command_arguments& chosen);
void declare_produce(CLI::App& app, command_arguments& chosen);
void declare_consume(CLI::App& app, command_arguments& chosen);
void declare_fetch(CLI::App& app, command_arguments& chosen);
void declare_search(CLI::App& app, command_arguments& chosen);
void declare_groups(CLI::App& app, command_arguments& chosen);
void declare_cluster(CLI::App& app, command_arguments& chosen);
void declare_config(CLI::App& app, command_arguments& chosen);
void declare_completion(CLI::App& app, command_arguments& chosen);

/// The text with lines of at most 90 bytes. Lines that begin with a blank stay as they are.
std::string wrapped(std::string_view text);

/// Adds a command whose arguments are `Arguments`. Returns the command, and the object that the
/// command's options fill.
template <class Arguments>
std::pair<CLI::App*, std::shared_ptr<Arguments>>
add_command(CLI::App& app, const std::string& name, const std::string& description,
            const std::string& examples, command_arguments& chosen) {
  auto filled = std::make_shared<Arguments>();
  auto* command = app.add_subcommand(name, description);
  command->footer(wrapped(examples) + "\n\nOptions of all commands: ottla --help");
  command->callback([&chosen, filled] { chosen = *filled; });
  return {command, filled};
}

/// Adds an option whose text `parse` reads. `forms` completes the sentence "must be …".
template <class Value, class Parse>
CLI::Option* add_parsed(CLI::App& command, const std::string& names, Value& into, Parse parse,
                        const std::string& forms, const std::string& description) {
  return command.add_option_function<std::string>(
    names,
    [&into, parse, forms, names](const std::string& text) {
      auto value = parse(literal(text));
      if (!value)
        throw CLI::ValidationError(names, "must be " + forms);
      into = *std::move(value);
    },
    description);
}

/// Adds a positional argument or an option that must not be empty.
CLI::Option* add_text(CLI::App& command, const std::string& names, std::string& into,
                      const std::string& description);
CLI::Option* add_texts(CLI::App& command, const std::string& names, std::vector<std::string>& into,
                       const std::string& description);

/// Adds an option or a positional argument that is a decimal number from `low` to `high`.
template <class Number>
CLI::Option* add_number(CLI::App& command, const std::string& names, Number& into, Number low,
                        Number high, const std::string& description) {
  return add_parsed(
           command, names, into,
           [low, high](const std::string& text) -> std::optional<Number> {
             const auto number = parse_number(text);
             if (!number || std::cmp_less(*number, low) || std::cmp_greater(*number, high))
               return std::nullopt;
             return static_cast<Number>(*number);
           },
           fmt::format("a number from {} to {}", low, high), description)
    ->type_name("N");
}

/// Adds an option or a positional argument whose text is passed to `take`. The text may be empty.
template <class Take>
CLI::Option* add_literal(CLI::App& command, const std::string& names, Take take,
                         const std::string& description) {
  return command.add_option_function<std::string>(
    names, [take](const std::string& text) { take(literal(text)); }, description);
}

/// Adds an option that can be given several times, with one text each time.
template <class Take>
CLI::Option* add_repeated(CLI::App& command, const std::string& names, Take take,
                          const std::string& description) {
  return command
    .add_option_function<std::vector<std::string>>(
      names,
      [take](const std::vector<std::string>& texts) {
        for (const auto& each : texts)
          take(literal(each));
      },
      description)
    ->allow_extra_args(false);
}

/// Adds `--yes`, which confirms a command that deletes or changes data.
void add_confirmation(CLI::App& command, bool& confirmed);

// Options of consume, fetch and search.
void add_partitions_option(CLI::App& command, std::vector<std::int32_t>& into);
void add_from(CLI::App& command, start_offset& into);
void add_from(CLI::App& command, std::optional<start_offset>& into);
void add_until(CLI::App& command, ottla::kafka::end_offset& into);
void add_record_output(CLI::App& command, record_output& into);
void add_read_uncommitted(CLI::App& command, bool& into);

/// Splits `name=value`. nullopt if there is no `=` or the name is empty.
std::optional<std::pair<std::string, std::string>> parse_pair(const std::string& text);

} // namespace command

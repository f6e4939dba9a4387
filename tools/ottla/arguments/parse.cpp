#include "arguments/parse.hpp"

#include "arguments/completion_script.hpp"
#include "arguments/declare.hpp"
#include "arguments/literal_words.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <string_view>

namespace command {

namespace {

constexpr const char* program_help
  = "Settings: the first value found counts. The places are --brokers; the environment variables "
    "OTTLA_<CONNECTION>_<KEY>, then OTTLA_BROKERS; the settings file. The file is --settings, or "
    "else the path in OTTLA_SETTINGS, or else ottla.toml.\n"
    "Passwords and keys are read from the file, from files that it names, or from the environment. "
    "There are no options for them, because every user of a machine can see the arguments of its "
    "processes.\n\n"
    "Exit status: 0 success; 1 Kafka rejected the request; 2 wrong arguments, settings or input; 3 "
    "no broker answered in time; 4 not found; 128 plus the number of a signal.\n\n"
    "Examples:\n"
    "  ottla topics list --brokers localhost:9092\n"
    "  ottla consume orders --from -10 --follow\n"
    "  ottla groups lag billing --output json";

void declare_common(CLI::App& app, common_arguments& into) {
  add_text(app, "-b,--brokers", into.brokers, "Addresses of brokers: HOST:PORT[,HOST:PORT...]")
    ->type_name("BROKERS");
  add_text(app, "--settings", into.settings_file, "The settings file, by default ottla.toml")
    ->type_name("FILE");
  app.add_flag("--no-settings", into.no_settings,
               "Ignore the settings file, and all environment variables except OTTLA_BROKERS");
  add_text(app, "-c,--connection", into.connection,
           "The connection of the settings to use. Needed if there are several")
    ->type_name("NAME");
  app
    .add_option_function<std::string>(
      "-o,--output",
      [&into](const std::string& name) {
        into.output = name == "json" ? output_format::json : output_format::text;
      },
      "Format of the output and of errors")
    ->type_name("FORMAT")
    ->default_str("text")
    ->check(CLI::IsMember({"text", "json"}));
  add_parsed(
    app, "--timeout", into.timeout, [](const std::string& text) { return parse_duration(text); },
    duration_forms, "Longest time for a request to Kafka")
    ->type_name("TIME")
    ->default_str("30s");
  app.add_flag("-q,--quiet", into.quiet, "Show no progress bar");
}

/// The whole definition. `into` must outlive the result.
std::unique_ptr<CLI::App> make_definition(arguments& into) {
  auto app = std::make_unique<CLI::App>("Works with topics, records and consumer groups of Kafka.");
  app->name("ottla");
  app->footer(wrapped(program_help));
  // Options of all commands may stand after the command.
  app->fallthrough();
  app->set_version_flag("--version", "ottla " OTTLA_VERSION);
  declare_common(*app, into.common);
  for (const auto declare :
       {declare_topics, declare_produce, declare_consume, declare_fetch, declare_search,
        declare_groups, declare_cluster, declare_config, declare_completion})
    declare(*app, into.command);
  app->require_subcommand(1);
  return app;
}

/// The format for a fault of the arguments. CLI11 may not have read --output when it fails.
output_format wanted_output(const std::vector<std::string>& given) {
  for (std::size_t at = 0; at < given.size(); ++at) {
    const std::string_view each = given[at];
    if (each == "--output=json" || each == "-ojson" || each == "-o=json")
      return output_format::json;
    if ((each == "--output" || each == "-o") && at + 1 < given.size() && given[at + 1] == "json")
      return output_format::json;
  }
  return output_format::text;
}

/// CLI11's text as one line, which may quote the arguments.
std::string as_fault(std::string_view quoting) {
  auto text = literal(quoting);
  std::ranges::replace(text, '\n', ' ');
  while (text.ends_with(' '))
    text.pop_back();
  return printable(text);
}

} // namespace

std::variant<arguments, only_text> parse_arguments(const std::vector<std::string>& given) {
  arguments parsed;
  const auto app = make_definition(parsed);
  auto reversed = marked(given);
  std::ranges::reverse(reversed);
  try {
    app->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return only_text{.out = app->help()};
  } catch (const CLI::CallForVersion& version) {
    return only_text{.out = std::string{version.what()} + '\n'};
  } catch (const CLI::Error& wrong) {
    // CLI11 does not name the word that is no command.
    const auto unknown = app->remaining(true);
    const bool has_command = !app->get_subcommands().empty();
    return only_text{.status = exit_status::usage,
                     .fault = as_fault(!has_command && !unknown.empty()
                                         ? fmt::format("unknown command: {}", unknown.front())
                                         : wrong.what()),
                     .output = wanted_output(given)};
  }
  return parsed;
}

std::string bash_completion() {
  arguments unused;
  return completion_script(*make_definition(unused));
}

} // namespace command

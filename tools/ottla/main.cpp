// The command `ottla`: topics, records and consumer groups of Kafka. docs/command.md describes it.

#include <ottla/configuration/environment.hpp>

#include "arguments/parse.hpp"
#include "run/commands.hpp"
#include "run/settings.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <type_traits>
#include <unistd.h>

namespace {

using namespace command;

/// Opens closed streams on /dev/null, so that no socket or pipe gets the number of a stream.
void open_closed_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) == -1)
      static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

/// The exit status after the output is flushed. A reader that has closed the pipe wants no more,
/// which is no failure.
int finish(output& out, reporter& faults, int status) {
  out.flush();
  if (out.now() == output::state::failed && status == 0)
    return static_cast<int>(faults.fail(exit_status::failed, out.fault()));
  return status;
}

int run_with_kafka(const arguments& given, output& out, reporter& faults,
                   const ottla::kafka::environment& variables, bool has_default_file) {
  auto chosen = choose_connection(given.common, variables, has_default_file);
  if (const auto* wrong = std::get_if<setting_faults>(&chosen)) {
    for (const auto& each : *wrong)
      faults.fail(exit_status::usage, each);
    return static_cast<int>(exit_status::usage);
  }
  const auto& connection = std::get<ottla::kafka::connection>(chosen);
  session with{.common = given.common,
               .connection = connection,
               .cluster = cluster_of(connection),
               .out = out,
               .faults = faults};
  return std::visit(
    [&](const auto& what) -> int {
      using what_type = std::decay_t<decltype(what)>;
      if constexpr (std::is_same_v<what_type, consume_records>) {
        if (!what.group.empty())
          return run_group(with, what);
        if (what.follow)
          return run_follow(with, what);
        return static_cast<int>(run(with, what));
      } else if constexpr (
        !std::is_same_v<
          what_type,
          std::
            monostate> && !std::is_same_v<what_type, check_config> && !std::is_same_v<what_type, print_completion>) {
        return static_cast<int>(run(with, what));
      } else {
        return static_cast<int>(exit_status::usage);
      }
    },
    given.command);
}

int run_command(const arguments& given, output& out, reporter& faults) {
  if (std::holds_alternative<print_completion>(given.command)) {
    out.write(bash_completion());
    return static_cast<int>(exit_status::ok);
  }
  const auto variables = ottla::kafka::process_environment();
  std::error_code unknown;
  const bool has_default_file = std::filesystem::exists("ottla.toml", unknown);
  if (const auto* check = std::get_if<check_config>(&given.command))
    return static_cast<int>(run(out, faults, given.common, *check, variables, has_default_file));
  return run_with_kafka(given, out, faults, variables, has_default_file);
}

} // namespace

int main(int count, char** words) {
  open_closed_standard_streams();
  // A write to a closed pipe fails with an error instead.
  std::signal(SIGPIPE, SIG_IGN);
  const auto parsed = parse_arguments({words + (count > 0 ? 1 : 0), words + count});
  output out{STDOUT_FILENO};
  if (const auto* text = std::get_if<only_text>(&parsed)) {
    reporter faults{text->output, false};
    out.write(text->out);
    if (!text->fault.empty())
      faults.fail(text->status,
                  text->fault + (text->output == output_format::text ? " (see --help)" : ""));
    return finish(out, faults, static_cast<int>(text->status));
  }
  const auto& given = std::get<arguments>(parsed);
  reporter faults{given.common.output, !given.common.quiet && isatty(STDERR_FILENO) != 0};
  try {
    return finish(out, faults, run_command(given, out, faults));
  } catch (const std::exception& error) {
    out.flush();
    return static_cast<int>(faults.fail(exit_status::failed, error.what()));
  }
}

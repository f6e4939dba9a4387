#include <ottla/configuration/load_settings.hpp>

#include "run/commands.hpp"
#include "run/effective_settings.hpp"
#include "run/settings.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

struct unused_handler : kafka::batch_handler {
  kafka::verdict handle(kafka::batch) override { return kafka::ack(); }
};

/// The faults that the start of the connection would report.
std::vector<std::string> faults_of(kafka::connection connection) {
  // A file cannot name a handler, so the program sets it.
  if (connection.group_consumer)
    connection.group_consumer->handler = kafka::handler<unused_handler>();
  return kafka::validate(connection);
}

exit_status show_faults(reporter& faults, const std::vector<std::string>& all) {
  for (const auto& each : all)
    faults.fail(exit_status::usage, each);
  return exit_status::usage;
}

} // namespace

exit_status run(output& out, reporter& faults, const common_arguments& common,
                const check_config& what, const kafka::environment& variables,
                bool has_default_file) {
  const auto file
    = what.file.empty() ? settings_file(common, variables, has_default_file) : what.file;
  auto loaded = file.empty() ? kafka::parse_settings("", "", variables)
                             : kafka::load_settings(file, variables);
  if (!loaded.faults.empty())
    return show_faults(faults, loaded.faults);
  if (loaded.connections.empty())
    return faults.fail(exit_status::usage,
                       file.empty()
                         ? "no settings: name a file, create ottla.toml in this folder, or set the "
                           "environment variable OTTLA_CONNECTIONS"
                         : fmt::format("{}: has no connections", printable(file)));
  std::vector<std::string> wrong;
  for (const auto& [name, each] : loaded.connections)
    for (auto& fault : faults_of(each))
      wrong.push_back(std::move(fault));
  if (!wrong.empty())
    return show_faults(faults, wrong);

  json document{{"file", file.empty() ? json(nullptr) : json(file)}};
  for (const auto& [name, each] : loaded.connections)
    document["connections"][name] = effective_settings(each);
  if (common.output == output_format::json)
    write_json(out, document);
  else
    out.write(setting_lines(document["connections"], "connections."));
  return exit_status::ok;
}

} // namespace command

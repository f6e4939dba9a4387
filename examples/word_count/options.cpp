#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

std::string not_empty(const std::string& value) {
  return value.empty() ? "must not be empty" : "";
}

} // namespace

std::variant<options, int> parse_options(int argc, char** argv) {
  options result;
  CLI::App app{
    "Counts the words of text files. Their lines go through Kafka to a supervised consumer "
    "group."};
  app.name("word_count");
  app.add_option("FILE", result.files, "Text files, by default the text of the GPL-3");
  app.add_option("--chaos", result.kills, "Kill N random processes of the tree during the run")
    ->type_name("N")
    ->check(CLI::Range(0, 1'000'000));
  app.add_option("--seed", result.seed, "Seed of the random kills")->type_name("S");
  app.add_option("--brokers", result.brokers, "Use these brokers instead of the embedded Kafka")
    ->type_name("HOST:PORT")
    ->check(not_empty);
  app.add_option("--report", result.report, "Write the report as JSON to a file")
    ->type_name("FILE")
    ->check(not_empty);
  app.add_option("--top", result.top, "Number of words to show")
    ->type_name("N")
    ->check(CLI::Range(0, 1'000'000))
    ->capture_default_str();
  app.add_flag("--tree", result.tree, "Print the supervision tree during the run");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "word_count: {} (see --help)\n", error.what());
    return 2;
  }
  if (result.files.empty())
    result.files.emplace_back("/usr/share/common-licenses/GPL-3");
  return result;
}

#include "run/settings.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace command;
namespace kafka = ottla::kafka;

namespace {

/// A settings file that is removed at the end of the test.
class temporary_file {
public:
  explicit temporary_file(const std::string& text)
    : path_{std::filesystem::temp_directory_path()
            / ("ottla_settings_test_" + std::to_string(getpid()) + ".toml")} {
    std::ofstream{path_} << text;
  }
  ~temporary_file() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

kafka::connection good(const common_arguments& given, const kafka::environment& variables = {}) {
  auto chosen = choose_connection(given, variables, false);
  const auto* wrong = std::get_if<setting_faults>(&chosen);
  REQUIRE_MESSAGE(wrong == nullptr, wrong->front());
  return std::get<kafka::connection>(std::move(chosen));
}

std::string fault_of(const common_arguments& given, const kafka::environment& variables = {}) {
  const auto chosen = choose_connection(given, variables, false);
  REQUIRE(std::holds_alternative<setting_faults>(chosen));
  return std::get<setting_faults>(chosen).front();
}

constexpr auto one = "[connections.orders-eu]\nbrokers = \"file:1\"\nclient_id = \"shop\"\n";
constexpr auto two = "[connections.a]\nbrokers = \"a:1\"\n[connections.b]\nbrokers = \"b:1\"\n";

} // namespace

TEST_SUITE("command: settings") {
  TEST_CASE("arguments override variables, and variables override the file") {
    const temporary_file file{one};
    const common_arguments given{.settings_file = file.path()};
    CHECK(good(given).brokers == "file:1");
    CHECK(good(given).client_id == "shop");
    CHECK(good(given, {{"OTTLA_BROKERS", "all:1"}}).brokers == "all:1");
    const kafka::environment both{{"OTTLA_BROKERS", "all:1"}, {"OTTLA_ORDERS_EU_BROKERS", "own:1"}};
    CHECK(good(given, both).brokers == "own:1");
    CHECK(good({.brokers = "mine:1", .settings_file = file.path()}, both).brokers == "mine:1");
    CHECK(good({.brokers = "mine:1", .settings_file = file.path()}, both).client_id == "shop");
  }

  TEST_CASE("without a file the environment or the arguments are enough") {
    CHECK(good({.brokers = "a:1"}).brokers == "a:1");
    CHECK(good({}, {{"OTTLA_BROKERS", "a:1"}}).brokers == "a:1");
    CHECK(good({}, {{"OTTLA_CONNECTIONS", "x"}, {"OTTLA_X_BROKERS", "a:1"}}).brokers == "a:1");
  }

  TEST_CASE("without brokers one fault names the three ways to set them") {
    const auto fault = fault_of({});
    for (const auto* way : {"--brokers", "OTTLA_BROKERS", "ottla.toml"})
      CHECK(fault.find(way) != std::string::npos);
  }

  TEST_CASE("brokers are checked: a scheme, a port above 65535, an empty host") {
    for (const auto* brokers : {"ssl://a:1", "a:65536", "a:1,,b:1", ":9092", "a:x"})
      CHECK(fault_of({.brokers = brokers}).find("broker") != std::string::npos);
  }

  TEST_CASE("one of several connections must be named") {
    const temporary_file file{two};
    CHECK(fault_of({.settings_file = file.path()}).find("\"a\", \"b\"") != std::string::npos);
    CHECK(good({.settings_file = file.path(), .connection = "b"}).brokers == "b:1");
    CHECK(fault_of({.settings_file = file.path(), .connection = "c"}).find("\"c\"")
          != std::string::npos);
  }

  TEST_CASE("--no-settings ignores the file and the connections of the environment") {
    const temporary_file file{two};
    const kafka::environment variables{{"OTTLA_BROKERS", "all:1"}, {"OTTLA_CONNECTIONS", "x,y"}};
    CHECK(good({.settings_file = file.path(), .no_settings = true}, variables).brokers == "all:1");
  }

  TEST_CASE("a missing file is a fault, and so is a file with faults") {
    CHECK(fault_of({.settings_file = "/nonexistent.toml"}).starts_with("/nonexistent.toml: "));
    const temporary_file file{"[connections.a]\nbrokrs = \"a:1\"\n"};
    CHECK(fault_of({.brokers = "b:1", .settings_file = file.path()})
            .starts_with(file.path() + ":2:1: "));
  }

  TEST_CASE("the file is --settings, then OTTLA_SETTINGS, then ottla.toml") {
    CHECK(settings_file({.settings_file = "a"}, {{"OTTLA_SETTINGS", "b"}}, true) == "a");
    CHECK(settings_file({}, {{"OTTLA_SETTINGS", "b"}}, true) == "b");
    CHECK(settings_file({}, {}, true) == "ottla.toml");
    CHECK(settings_file({}, {}, false).empty());
    CHECK(settings_file({.settings_file = "a", .no_settings = true}, {}, true).empty());
  }
}

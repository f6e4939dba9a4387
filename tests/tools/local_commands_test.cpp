// Runs the commands that need no brokers, like a user.

#include "support/command_run.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>

using namespace ottla::test;
using json = nlohmann::json;

TEST_SUITE("command: local") {
  TEST_CASE("config check reports each fault with its place, and never a secret") {
    const auto path = std::filesystem::temp_directory_path()
                      / ("ottla_program_test_" + std::to_string(getpid()) + ".toml");
    std::ofstream{path} << "[connections.orders]\nbrokrs = \"a:1\"\nproducing.linger = \"5\"\n";
    const auto bad = run_command({"config", "check", path.string()});
    CHECK(bad.status == 2);
    CHECK(bad.out.empty());
    CHECK(bad.error.find(path.string() + ":2:1: ") != std::string::npos);
    CHECK(bad.error.find(path.string() + ":3:") != std::string::npos);

    std::ofstream{path} << "[connections.orders]\nbrokers = \"a:1\"\n"
                           "[connections.orders.security.sasl]\nmechanism = \"PLAIN\"\n"
                           "user = \"ada\"\npassword = \"hidden\"\n";
    const auto good = run_command({"config", "check", path.string()});
    CHECK_MESSAGE(good.status == 0, good.error);
    CHECK(good.out.find("connections.orders.security.sasl.user = \"ada\"\n") != std::string::npos);
    CHECK(good.out.find("hidden") == std::string::npos);
    const auto document = run_command({"config", "check", path.string(), "-o", "json"});
    CHECK(json::parse(document.out)["connections"]["orders"]["brokers"] == "a:1");
    std::filesystem::remove(path);
  }

  TEST_CASE("bash completes commands, options and fixed values") {
    const auto completed = [](const std::string& words, int at) {
      const memory_file out;
      const memory_file error;
      child_process bash{{"/bin/bash", "-c",
                          "source <(\"$0\" completion bash); COMP_WORDS=(" + words
                            + "); COMP_CWORD=" + std::to_string(at)
                            + "; _ottla; echo \"${COMPREPLY[*]}\"",
                          OTTLA_COMMAND},
                         out.share(),
                         error.share()};
      CHECK(bash.wait() == 0);
      CHECK(error.text().empty());
      return out.text();
    };
    CHECK(completed("ottla top", 1) == "topics\n");
    CHECK(completed("ottla topics de", 2) == "describe delete delete-records\n");
    CHECK(completed("ottla topics create --part", 3) == "--partitions\n");
    CHECK(completed("ottla topics create --out", 3) == "--output\n");
    CHECK(completed("ottla consume orders --output ''", 4) == "text json\n");
    CHECK(completed("ottla consume orders --output = j", 5) == "json\n");
    CHECK(completed("ottla consume orders --from ''", 4) == "\n");
    CHECK(completed("ottla groups reset billing --sh", 4) == "--shift-by\n");
  }
}

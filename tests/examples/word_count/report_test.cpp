#include "report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace {

report some() {
  return {.words = {{"b", 2}, {"a", 2}, {"c", 7}},
          .produced = 10,
          .consumed = 10,
          .acknowledged = 9,
          .redelivered = 3,
          .kills = 0,
          .restarts = 4,
          .worker_restarts = 2,
          .rebalances = 1,
          .elapsed = std::chrono::milliseconds{500},
          .complete = true};
}

std::string folder() {
  const auto path = std::filesystem::temp_directory_path() / ("report_" + std::to_string(getpid()));
  std::filesystem::create_directories(path);
  return path.string();
}

} // namespace

TEST_SUITE("report") {
  TEST_CASE("a report lists the most frequent words, with ties in alphabetical order, and then the "
            "figures") {
    CHECK(to_text(some(), 2)
          == "        7  c\n"
             "        2  a\n"
             "\n"
             "lines     10 produced, 10 consumed, 9 acknowledged, 3 redelivered, 0 lost\n"
             "restarts  2 workers, 4 processes in all; 0 kills\n"
             "group     1 rebalances, longest gap 0 ms\n"
             "speed     20 msgs/s, 0.50 s\n");
  }

  TEST_CASE(
    "the report of a stopped run counts outstanding lines as lost only if the run has given up") {
    auto stopped = some();
    stopped.complete = false;
    stopped.consumed = 4;
    CHECK(stopped.lost() == 0);
    CHECK(to_text(stopped, 0).find("incomplete: stopped with 6 produced lines")
          != std::string::npos);
    stopped.given_up = true;
    CHECK(stopped.lost() == 6);
  }

  TEST_CASE("a report prints the seed if processes were killed") {
    auto chaotic = some();
    CHECK(to_text(chaotic, 0).find("seed") == std::string::npos);
    chaotic.kills = 1;
    chaotic.seed = 42;
    CHECK(to_text(chaotic, 0).find("seed 42") != std::string::npos);
  }

  TEST_CASE("the JSON report has every figure") {
    const auto json = to_json(some());
    CHECK(json["words"]["c"] == 7);
    CHECK(json["lines"]["produced"] == 10);
    CHECK(json["lines"]["consumed"] == 10);
    CHECK(json["lines"]["acknowledged"] == 9);
    CHECK(json["lines"]["redelivered"] == 3);
    CHECK(json["lines"]["lost"] == 0);
    CHECK(json["restarts"] == 4);
    CHECK(json["worker_restarts"] == 2);
    CHECK(json["kills"] == 0);
    CHECK(json["seed"] == 0);
    CHECK(json["rebalances"] == 1);
    CHECK(json["longest_gap_ms"] == 0);
    CHECK(json["seconds"] == 0.5);
    CHECK(json["complete"] == true);
  }

  TEST_CASE("can_be_written checks a path without changing any file") {
    const auto where = folder();
    CHECK(can_be_written(where + "/new.json"));
    CHECK_FALSE(can_be_written(where));
    CHECK_FALSE(can_be_written(where + "/"));
    CHECK_FALSE(can_be_written(where + "/missing/new.json"));
    CHECK(can_be_written("/dev/null"));
    CHECK(std::filesystem::is_empty(where));
    std::filesystem::remove_all(where);
  }

  TEST_CASE("write_report replaces an older report and leaves no other file") {
    const auto where = folder();
    const auto file = where + "/r.json";
    std::ofstream{file} << "old";
    CHECK(write_report(file, some()));
    CHECK(nlohmann::json::parse(std::ifstream{file})["kills"] == 0);
    CHECK_FALSE(write_report(where + "/missing/r.json", some()));
    CHECK(std::distance(std::filesystem::directory_iterator{where}, {}) == 1);
    CHECK(write_report("/dev/null", some()));
    CHECK_FALSE(std::filesystem::is_regular_file("/dev/null"));
    std::filesystem::remove_all(where);
  }
}

// How health reports processes that hang in a hook of the program.

#include <ottla/kafka/health.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("silent processes") {
  TEST_CASE_FIXTURE(
    group_stage,
    "health names a process that hangs in a hook of the program until the process answers") {
    std::string name;
    std::string said;
    SUBCASE("the group manager in assignment_received") {
      name = "group_manager";
      said = "stalled: group_manager: the group manager has not answered for 13 s; a hook of the "
             "program may hang";
    }
    SUBCASE("the coordinator in an observer's callback") {
      name = "coordinator";
      said = "stalled: coordinator: the coordinator has not answered for 13 s; a hook of the "
             "program may hang";
    }
    open_with({zero});
    time.advance(4s);
    time.hang(named(name));
    time.advance(8s);
    CHECK(health() == "healthy");
    time.advance(6s);
    CHECK(health() == said);
    time.wake(named(name));
    time.run();
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a connection has not recovered while a process hangs in a hook, and has "
                    "recovered once the process answers") {
    open_with({zero});
    time.advance(4s);
    kafka->view = {.silent_for = 10s};
    kafka->answers = reply::failing(errc::unreachable, "nobody");
    time.hang(named("group_manager"));
    time.advance(20s);
    notes->lines.clear();
    kafka->answers = {};
    time.advance(10s);
    CHECK(health().starts_with("stalled: group_manager: "));
    CHECK_FALSE(notes->saw("recovered"));
    time.wake(named("group_manager"));
    time.advance(1s);
    CHECK(health() == "healthy");
    CHECK(std::ranges::count(notes->lines, "recovered") == 1);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "health reports the group manager while a hook takes longer than ten seconds") {
    std::string meanwhile;
    group().assignment_received = [&](const assigned_partition&) -> std::optional<std::string> {
      time.advance(15s);
      meanwhile = health();
      return std::nullopt;
    };
    open_with({zero});
    CHECK(meanwhile.find("stalled: group_manager: the group manager has not answered for 1") == 0);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "health reports no silence after an idle hour, nor while killed processes restart") {
    open_with({zero});
    time.advance(1h);
    CHECK(health() == "healthy");
    kill_named("group_manager");
    kill_named("coordinator");
    give({zero});
    for (int second = 0; second < 60; ++second) {
      time.advance(1s);
      CHECK(health() == "healthy");
    }
  }
}

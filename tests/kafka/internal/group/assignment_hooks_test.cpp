// The program's hooks are called once at the beginning of each assignment and once at its end.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct hooked : group_stage {
  std::vector<std::string> told;
  std::optional<std::string> refusal;
  std::optional<topic_partition> refused;

  hooked() {
    group().assignment_received
      = [this](const assigned_partition& what) -> std::optional<std::string> {
      told.push_back('+' + to_string(what.where) + '@' + std::to_string(what.begins_at));
      CHECK(what.group == "g");
      return !refused || *refused == what.where ? refusal : std::nullopt;
    };
    group().assignments_revoked = [this](std::span<const topic_partition> what) {
      told.push_back('-' + to_text(what).substr(1));
    };
  }

  std::string hooks() {
    std::string text;
    for (const auto& line : std::exchange(told, {}))
      text += (text.empty() ? "" : ", ") + line;
    return text;
  }
};

} // namespace

TEST_SUITE("assignment hooks") {
  TEST_CASE_FIXTURE(
    hooked, "assignment_received sees all partitions of an assignment before their workers start") {
    handlers->at_start
      = [this](const assignment& what) { told.push_back("start " + to_string(what.where)); };
    kafka->skip(one, 9);
    kafka->group[one] = 7;
    open_with({zero, one});
    CHECK(hooks() == "+t/0@0, +t/1@7, start t/0, start t/1");
  }

  TEST_CASE_FIXTURE(
    hooked,
    "assignments_revoked is called after the workers of the revoked partitions have ended") {
    open_with({zero, one});
    hooks();
    kafka->take_back({zero, one});
    const auto busy = worker(one);
    time.hang(busy);
    time.run();
    CHECK(hooks() == "");
    CHECK(handlers->alive == 1);
    time.wake(busy);
    time.run();
    CHECK(hooks() == "-t/0 t/1");
    CHECK(kafka->happened() == "unassign t/0 t/1");
  }

  TEST_CASE_FIXTURE(hooked, "assignments_revoked sees lost partitions at once, and revoked "
                            "partitions when the drain is overdue") {
    group().drain_within = 1s;
    open_with({zero, one});
    hooks();
    kafka->take_back({zero}, true);
    time.run();
    CHECK(hooks() == "-t/0");
    time.hang(worker(one));
    append(one, 1);
    kafka->take_back({one});
    time.advance(1s);
    CHECK(hooks() == "-t/1");
    time.advance(1min);
    CHECK(hooks() == "");
  }

  TEST_CASE_FIXTURE(
    hooked,
    "the hooks see each assignment once even if the group manager or the acknowledger crashes") {
    open_with({zero});
    kill_named("group_manager");
    time.advance(1s);
    kill_named("acknowledger");
    time.advance(1s);
    CHECK(hooks() == "+t/0@0");
    kafka->take_back({zero});
    time.run();
    CHECK(hooks() == "-t/0");
  }

  TEST_CASE_FIXTURE(
    hooked, "assignment_received sees each new assignment once, with the group's generation") {
    std::vector<std::string> generations;
    group().assignment_received
      = [&](const assigned_partition& what) -> std::optional<std::string> {
      generations.push_back(to_string(what.where) + " in " + std::to_string(what.generation));
      return std::nullopt;
    };
    const auto told = [&] { return std::exchange(generations, {}); };
    open_with({zero});
    CHECK(told() == std::vector<std::string>{"t/0 in 1"});
    // In a cooperative rebalance, partitions that stay are not assigned again.
    give({one});
    CHECK(told() == std::vector<std::string>{"t/1 in 2"});
    kafka->take_back({zero, one});
    time.run();
    give({zero, one});
    CHECK(told() == std::vector<std::string>{"t/0 in 3", "t/1 in 3"});
  }

  TEST_CASE_FIXTURE(hooked, "an exception of assignments_revoked is reported, and neither repeats "
                            "the call nor delays the revoke") {
    int calls = 0;
    group().assignments_revoked = [&](std::span<const topic_partition>) {
      ++calls;
      throw std::runtime_error{"no\nluck"};
    };
    open_with({zero, one});
    append(zero, 3);
    kafka->take_back({zero});
    time.advance(1s);
    CHECK(calls == 1);
    CHECK(notes->saw("failed other: assignments_revoked threw: no\\nluck"));
    CHECK(kafka->happened() == "commit t/0@3, unassign t/0");
    give({zero});
    append(zero, 1);
    let_commit();
    CHECK(kafka->group[zero] == 4);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(hooked,
                    "the report of an exception of assignments_revoked is truncated to 8 KiB") {
    group().assignments_revoked = [](std::span<const topic_partition>) {
      throw std::runtime_error{"0x" + std::string(1'000'000, 'a')};
    };
    open_with({zero});
    kafka->take_back({zero});
    time.advance(1s);
    const auto found = std::ranges::find_if(
      notes->lines, [](const auto& line) { return line.find("threw: 0xaaa") != line.npos; });
    REQUIRE(found != notes->lines.end());
    CHECK(found->size() < 8'300);
  }

  TEST_CASE_FIXTURE(
    hooked,
    "a new group manager calls assignments_revoked for partitions lost while no manager lived") {
    open_with({zero, one});
    hooks();
    kill(named("group_manager"));
    kafka->take_back({zero}, true);
    time.advance(1s);
    CHECK(hooks() == "-t/0");
  }

  TEST_CASE_FIXTURE(
    hooked,
    "assignments_revoked sees the partition when the coordinator crashes or the connection stops") {
    open_with({zero});
    hooks();
    kill_named("coordinator");
    time.advance(1s);
    CHECK(hooks() == "-t/0");
    give({zero});
    CHECK(hooks() == "+t/0@0");
    ask_to_end(root);
    CHECK(hooks() == "-t/0");
  }

  TEST_CASE_FIXTURE(
    hooked, "a rejected assignment ends the group manager with the reason, and no worker starts") {
    refusal = "no space left";
    refused = one;
    settings.restarts = {.at_most = 3, .within = 1h};
    open();
    give({zero, one});
    CHECK(handlers->leases.empty());
    std::string why;
    for (const auto& event : *events)
      why += to_string(event) + '\n';
    CHECK(why.find("assignment_received rejected t/1: no space left") != std::string::npos);
    // Each manager calls the hook again for t/1, and not for t/0, which was accepted.
    CHECK(std::ranges::count(told, "+t/0@0") == 1);
    CHECK(std::ranges::count(told, "+t/1@0") > 1);
  }

  TEST_CASE_FIXTURE(hooked, "a worker starts once assignment_received accepts its partition") {
    refusal = "not yet";
    open();
    kafka->offer({zero});
    while (told.size() < 2)
      REQUIRE(time.step());
    refusal.reset();
    time.advance(1s);
    CHECK(worker(zero));
  }

  TEST_CASE_FIXTURE(hooked, "an exception of assignment_received rejects the assignment") {
    int calls = 0;
    group().assignment_received = [&](const assigned_partition&) -> std::optional<std::string> {
      if (++calls == 1)
        throw std::runtime_error{"no luck"};
      return std::nullopt;
    };
    open_with({zero});
    time.advance(1s);
    CHECK(calls == 2);
    CHECK(worker(zero));
  }
}

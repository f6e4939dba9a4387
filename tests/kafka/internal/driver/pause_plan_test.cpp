#include <ottla/kafka/internal/driver/pause_plan.hpp>

#include <doctest/doctest.h>

#include <cstdint>

using ottla::kafka::pause_plan;

namespace {

constexpr std::int64_t much = 1'000'000;

void answer(pause_plan& plan, std::size_t brought, std::int64_t left) {
  plan.note(brought, left);
  plan.end_answer();
}

pause_plan after_three_answers() {
  pause_plan plan;
  for (int i = 0; i < 3; ++i)
    answer(plan, 100, much);
  return plan;
}

} // namespace

TEST_SUITE("pause_plan") {
  TEST_CASE("quiet partitions are paused after three consecutive answers that left a backlog") {
    pause_plan plan;
    for (int i = 0; i < 2; ++i)
      answer(plan, 100, much);
    CHECK_FALSE(plan.may_pause());
    answer(plan, 100, much);
    CHECK(plan.may_pause());
  }

  TEST_CASE("pauses continue if at least one partition of an answer leaves a backlog") {
    auto plan = after_three_answers();
    plan.note(50, 0);
    plan.note(100, much);
    plan.note(1, 0);
    plan.end_answer();
    CHECK(plan.may_pause());
  }

  TEST_CASE("an answer that leaves no backlog ends the pauses and resets the count") {
    auto plan = after_three_answers();
    answer(plan, 100, 0);
    CHECK_FALSE(plan.may_pause());
    answer(plan, 100, much);
    answer(plan, 100, much);
    CHECK_FALSE(plan.may_pause());
  }

  TEST_CASE("an answer that brought no message ends the pauses") {
    auto plan = after_three_answers();
    plan.end_answer();
    CHECK_FALSE(plan.may_pause());
  }

  // A request that finds no message waits at the broker, which delays the paused partitions.
  TEST_CASE("a backlog counts if it is at least 1,000 messages and four times the largest answer") {
    struct {
      std::size_t largest;
      std::size_t brought;
      std::int64_t left;
      bool pauses;
    } const table[]{{100, 100, 1'000, true},     {100, 100, 999, false},
                    {1'000, 1'000, 4'000, true}, {1'000, 10, 4'000, true},
                    {1'000, 10, 3'999, false},   {1'000, 1'000, 3'999, false}};
    for (const auto& row : table) {
      auto plan = after_three_answers();
      answer(plan, row.largest, much);
      answer(plan, row.brought, row.left);
      CHECK(plan.may_pause() == row.pauses);
    }
  }
}

// These tests kill members of a group. Each member is a separate process. No message is lost, and
// only uncommitted messages are delivered again.

#include "broker/chaos.hpp"
#include "support/long_run.hpp"
#include "support/seed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>

using namespace ottla::kafka::test;

namespace {

std::string to_text(const account& of) {
  auto text = fmt::format(
    "{} messages: {} handled, {} committed, {} missing; {} again: {} not acknowledged before a "
    "kill, {} acknowledged and not yet committed, {} of lost partitions, {} otherwise; {} kills, "
    "{} generations, {} leases",
    of.messages, of.messages - of.missing, of.committed, of.missing, of.again(),
    of.again_unacknowledged, of.again_acknowledged, of.again_lost, of.again_otherwise, of.kills,
    of.generations, of.leases);
  for (const auto& [what, times] : of.failures)
    text += fmt::format("\n  {} times: {}", times, what);
  return text;
}

void run_chaos(chaos_plan plan) {
  CAPTURE(plan.assignor);
  CAPTURE(plan.seed);
  const auto began = steady::now();
  chaos course{plan};
  const auto result = course.run();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - began);
  const auto text = fmt::format("{}, seed {}, {:.1f} s\n  {}\n{}\n", plan.assignor, plan.seed,
                                static_cast<double>(took.count()) / 1000,
                                fmt::join(course.events(), "\n  "), to_text(result));
  fmt::print("{}", text);
  std::fflush(stdout);
  CHECK_MESSAGE(result.findings.empty(), fmt::format("{}", fmt::join(result.findings, "\n")));
  CHECK(result.missing == 0);
  if (!result.findings.empty())
    course.write_log();
}

} // namespace

TEST_SUITE("broker chaos" * doctest::timeout(3600)) {
  TEST_CASE("a group loses none of 102,000 messages when one of three members is killed") {
    for (const auto* assignor : {"range", "cooperative-sticky"})
      SUBCASE(assignor) {
        run_chaos({.brokers = brokers(), .assignor = assignor, .seed = ottla::test::seed()});
      }
  }

  TEST_CASE("a group loses none of a million messages while members join, leave and die and a "
            "broker restarts"
            * doctest::skip(!ottla::test::long_run())) {
    for (const auto* assignor : {"range", "roundrobin", "cooperative-sticky"})
      SUBCASE(assignor) {
        own_cluster cluster;
        run_chaos({.brokers = cluster.brokers(),
                   .replicas = 3,
                   .assignor = assignor,
                   .messages = 1'002'000,
                   .events = 24,
                   .seed = ottla::test::seed(),
                   .nodes = &cluster});
      }
  }
}

// Checks that the accountant of the chaos tests finds violations.

#include "broker/account.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka::test;
using kind = member_line::kind;

namespace {

/// One partition of four messages and two members. Lines are in the order of time.
struct told {
  std::vector<member_line> lines;

  void tell(int member, kind what, std::int64_t first = 0, std::int64_t next = 0) {
    lines.push_back({.when = std::chrono::nanoseconds{static_cast<std::int64_t>(lines.size())},
                     .member = member,
                     .what = what,
                     .first = first,
                     .next = next});
  }

  /// Messages are handled and acknowledged, and committed up to `committed` unless that is 0.
  void work(int member, std::int64_t first, std::int64_t next, std::int64_t committed) {
    tell(member, kind::handled, first, next);
    tell(member, kind::acknowledged, 0, next);
    if (committed > 0)
      tell(member, kind::committed, 0, committed);
  }

  account settle() const { return accountant{lines, 1, 4}.settle(); }
};

} // namespace

TEST_SUITE("account" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(told, "a hand-over at what is committed leaves no finding") {
    tell(1, kind::leased, 0);
    work(1, 0, 2, 2);
    tell(1, kind::revoked);
    tell(2, kind::leased, 2);
    work(2, 2, 4, 4);
    const auto result = settle();
    CHECK(result.findings.empty());
    CHECK(result.again() == 0);
    CHECK(result.committed == 4);
    CHECK(result.leases == 2);
  }

  TEST_CASE_FIXTURE(told, "a message that nobody handled is missing") {
    tell(1, kind::leased, 0);
    work(1, 0, 3, 3);
    const auto result = settle();
    CHECK(result.missing == 1);
    CHECK(result.findings.size() == 1);
  }

  TEST_CASE_FIXTURE(told, "after a kill what was not committed comes again, and is counted") {
    tell(1, kind::leased, 0);
    work(1, 0, 1, 1);
    work(1, 1, 2, 0);
    tell(1, kind::handled, 2, 3);
    tell(1, kind::killed);
    tell(2, kind::leased, 1);
    work(2, 1, 4, 4);
    const auto result = settle();
    CHECK(result.findings.empty());
    CHECK(result.again_acknowledged == 1);
    CHECK(result.again_unacknowledged == 1);
    CHECK(result.kills == 1);
  }

  TEST_CASE_FIXTURE(told, "what comes again without a kill is a finding") {
    tell(1, kind::leased, 0);
    work(1, 0, 2, 1);
    tell(1, kind::revoked);
    tell(2, kind::leased, 1);
    work(2, 1, 4, 4);
    const auto result = settle();
    CHECK(result.again_otherwise == 1);
    CHECK(result.findings.size() == 1);
  }

  TEST_CASE_FIXTURE(told, "what was committed must not come again, kill or not") {
    tell(1, kind::leased, 0);
    work(1, 0, 2, 2);
    tell(1, kind::killed);
    tell(2, kind::leased, 1);
    work(2, 1, 4, 4);
    const auto result = settle();
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings.front() == "member 2 began partition 0 at 1, 2 were committed");
  }

  TEST_CASE_FIXTURE(told, "who was thrown out of the group explains what came again, however late "
                          "it learns of it") {
    tell(1, kind::leased, 0);
    work(1, 0, 2, 1);
    tell(2, kind::leased, 1);
    work(2, 1, 4, 4);
    tell(1, kind::handled, 2, 3);
    tell(1, kind::lost);
    const auto result = settle();
    CHECK(result.findings.empty());
    CHECK(result.again_lost == 2);
  }

  TEST_CASE_FIXTURE(told, "a hole within a lease is a finding") {
    tell(1, kind::leased, 0);
    work(1, 0, 1, 1);
    work(1, 2, 4, 4);
    const auto result = settle();
    CHECK(result.missing == 1);
    CHECK(result.findings.size() == 2);
  }
}

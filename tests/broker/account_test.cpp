// Checks that the accountant of the chaos tests finds violations.

#include "broker/account.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka::test;
using kind = member_line::kind;

namespace {

/// The log of two members that share one partition of four messages. Lines are sorted by time.
struct told {
  std::vector<member_line> lines;

  void tell(int member, kind what, std::int64_t first = 0, std::int64_t next = 0) {
    lines.push_back({.when = std::chrono::nanoseconds{static_cast<std::int64_t>(lines.size())},
                     .member = member,
                     .what = what,
                     .first = first,
                     .next = next});
  }

  /// Logs that messages were handled and acknowledged. If `committed` is not 0, also logs a commit.
  void work(int member, std::int64_t first, std::int64_t next, std::int64_t committed) {
    tell(member, kind::handled, first, next);
    tell(member, kind::acknowledged, 0, next);
    if (committed > 0)
      tell(member, kind::committed, 0, committed);
  }

  /// Logs that member 1 handles two messages and commits up to `committed`. Member 2 takes over
  /// at that offset, and handles and commits the remaining messages.
  void hand_over_at(std::int64_t committed) {
    tell(1, kind::leased, 0);
    work(1, 0, 2, committed);
    tell(1, kind::revoked);
    tell(2, kind::leased, committed);
    work(2, committed, 4, 4);
  }

  account settle() const { return accountant{lines, 1, 4}.settle(); }
};

} // namespace

TEST_SUITE("account" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(told, "a hand-over at the committed offset is not a finding") {
    hand_over_at(2);
    const auto result = settle();
    CHECK(result.findings.empty());
    CHECK(result.again() == 0);
    CHECK(result.committed == 4);
    CHECK(result.leases == 2);
  }

  TEST_CASE_FIXTURE(told, "the account reports a message that no member handled as missing") {
    tell(1, kind::leased, 0);
    work(1, 0, 3, 3);
    const auto result = settle();
    CHECK(result.missing == 1);
    CHECK(result.findings.size() == 1);
  }

  TEST_CASE_FIXTURE(
    told,
    "uncommitted messages that are handled again after a kill are counted and are not a finding") {
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

  TEST_CASE_FIXTURE(told, "messages that are handled again without a kill are a finding") {
    hand_over_at(1);
    const auto result = settle();
    CHECK(result.again_otherwise == 1);
    CHECK(result.findings.size() == 1);
  }

  TEST_CASE_FIXTURE(told,
                    "a committed message that is handled again is a finding, even after a kill") {
    tell(1, kind::leased, 0);
    work(1, 0, 2, 2);
    tell(1, kind::killed);
    tell(2, kind::leased, 1);
    work(2, 1, 4, 4);
    const auto result = settle();
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings.front()
          == "member 2 began partition 0 at 1, below the committed offset 2");
  }

  TEST_CASE_FIXTURE(
    told, "an eviction explains repeated messages even if it is logged after the repetition") {
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

  TEST_CASE_FIXTURE(told, "a skipped message within a lease is a finding") {
    tell(1, kind::leased, 0);
    work(1, 0, 1, 1);
    work(1, 2, 4, 4);
    const auto result = settle();
    CHECK(result.missing == 1);
    CHECK(result.findings.size() == 2);
  }
}

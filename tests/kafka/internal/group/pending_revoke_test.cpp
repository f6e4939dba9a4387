#include <ottla/kafka/internal/group/pending_revoke.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;

namespace {

const topic_partition zero{"t", 0};
const topic_partition one{"t", 1};

struct revoke_of_zero : pending_revoke {
  revoke_of_zero() : pending_revoke{7, {.answer = 3, .partitions = {zero}}} {}
};

} // namespace

TEST_SUITE("pending_revoke") {
  TEST_CASE_FIXTURE(revoke_of_zero, "only the answers of its own round end the drain, and once") {
    CHECK(is_draining(7));
    CHECK_FALSE(is_draining(6));
    drained(true);
    CHECK(is_drained());
    CHECK_FALSE(is_draining(7));
  }

  TEST_CASE_FIXTURE(revoke_of_zero, "its partitions are drained, and no others") {
    CHECK_FALSE(has_drained(zero));
    drained(true);
    CHECK(has_drained(zero));
    CHECK_FALSE(has_drained(one));
  }

  TEST_CASE_FIXTURE(revoke_of_zero, "a drain that took too long is remembered") {
    CHECK_FALSE(is_overdue());
    drained(true);
    CHECK_FALSE(is_overdue());
    drained(false);
    CHECK(is_overdue());
  }

  TEST_CASE_FIXTURE(revoke_of_zero, "it waits for its last commit, not for a regular one") {
    CHECK_FALSE(waits_for(0));
    sent(5);
    CHECK(waits_for(5));
    CHECK_FALSE(waits_for(4));
  }
}

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
  TEST_CASE_FIXTURE(
    revoke_of_zero,
    "is_draining() is true for the revoke's own number only, and false after the drain") {
    CHECK(is_draining(7));
    CHECK_FALSE(is_draining(6));
    drained(drain_end::in_time);
    CHECK(is_drained());
    CHECK_FALSE(is_draining(7));
  }

  TEST_CASE_FIXTURE(revoke_of_zero,
                    "has_drained is true only for the revoked partitions, after the drain") {
    CHECK_FALSE(has_drained(zero));
    drained(drain_end::in_time);
    CHECK(has_drained(zero));
    CHECK_FALSE(has_drained(one));
  }

  TEST_CASE_FIXTURE(revoke_of_zero, "a revoke is overdue if its drain missed the deadline") {
    CHECK_FALSE(is_overdue());
    drained(drain_end::in_time);
    CHECK_FALSE(is_overdue());
    drained(drain_end::overdue);
    CHECK(is_overdue());
  }

  TEST_CASE_FIXTURE(revoke_of_zero, "a revoke waits for its own last commit only") {
    CHECK_FALSE(waits_for(0));
    sent(5);
    CHECK(waits_for(5));
    CHECK_FALSE(waits_for(4));
  }
}

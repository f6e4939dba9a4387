#include <ottla/kafka/internal/group/commit_ledger.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

const topic_partition zero{"t", 0};
const topic_partition one{"t", 1};

beginning begins_at(const topic_partition& where, std::int64_t offset, std::int64_t committed) {
  return {.at = where, .offset = offset, .committed = committed};
}

std::string text_of(const std::vector<position>& all) {
  std::string text;
  for (const auto& each : all)
    text += (text.empty() ? "" : ", ") + to_string(each.at) + "@" + std::to_string(each.offset);
  return text;
}

struct ledger : commit_ledger {
  ledger() : commit_ledger{10s} {}

  std::string due(std::int64_t of_zero, std::int64_t of_one) const {
    return text_of(uncommitted({{zero, of_zero}, {one, of_one}}));
  }
};

} // namespace

TEST_SUITE("commit_ledger") {
  TEST_CASE_FIXTURE(ledger, "only offsets above the committed offset need a commit") {
    begin(begins_at(zero, 5, 5));
    begin(begins_at(one, 7, 7));
    CHECK(due(5, 7) == "");
    CHECK(due(6, 7) == "t/0@6");
    confirm({zero, 6});
    CHECK(due(6, 9) == "t/1@9");
    CHECK(due(7, 9) == "t/0@7, t/1@9");
  }

  TEST_CASE_FIXTURE(ledger,
                    "a first offset that no member has committed needs a commit, even offset 0") {
    begin(begins_at(zero, 0, -1));
    CHECK(due(0, 0) == "t/0@0");
    confirm({zero, 0});
    CHECK(due(0, 0) == "");
    begin(begins_at(one, 10, 3));
    CHECK(due(0, 10) == "t/1@10");
  }

  TEST_CASE_FIXTURE(ledger,
                    "take_new_beginnings is true once after a beginning that needs a commit") {
    begin(begins_at(zero, 5, 5));
    CHECK_FALSE(take_new_beginnings());
    begin(begins_at(one, 5, -1));
    begin(begins_at(zero, 5, 5));
    CHECK(take_new_beginnings());
    CHECK_FALSE(take_new_beginnings());
  }

  TEST_CASE_FIXTURE(
    ledger, "a removed partition needs no commit, and has no confirmed or unconfirmed messages") {
    begin(begins_at(zero, 0, -1));
    begin(begins_at(one, 0, -1));
    end(zero);
    CHECK(due(5, 5) == "t/1@5");
    confirm({zero, 5});
    CHECK(text_of(confirmed()) == "");
    CHECK(unconfirmed(zero, 9) == 0);
  }

  TEST_CASE_FIXTURE(ledger, "no regular commit is due while one is pending") {
    begin(begins_at(zero, 0, 0));
    CHECK(take_turn(0s));
    CHECK_FALSE(is_pending());
    sent(3);
    CHECK(is_pending());
    CHECK_FALSE(take_turn(1min));
    answered(2); // the last commit before a revoke
    CHECK(is_pending());
    answered(3);
    CHECK_FALSE(is_pending());
    CHECK(take_turn(1min));
  }

  TEST_CASE_FIXTURE(ledger, "a regular commit is due once in each interval") {
    CHECK(take_turn(100s));
    CHECK_FALSE(take_turn(109s));
    CHECK(take_turn(110s));
    CHECK_FALSE(take_turn(111s));
  }

  TEST_CASE("the longest possible interval does not overflow") {
    commit_ledger rare{std::chrono::nanoseconds::max()};
    CHECK(rare.take_turn(1s));
    CHECK_FALSE(rare.take_turn(1h));
  }

  TEST_CASE_FIXTURE(ledger, "unconfirmed messages are acknowledged messages above both the "
                            "committed and the first offset") {
    begin(begins_at(zero, 10, -1));
    CHECK(unconfirmed(zero, 10) == 0);
    CHECK(unconfirmed(zero, 14) == 4);
    confirm({zero, 12});
    CHECK(unconfirmed(zero, 14) == 2);
    CHECK(unconfirmed(zero, 12) == 0);
    CHECK(unconfirmed(one, 12) == 0);
  }

  TEST_CASE_FIXTURE(ledger, "an offset that another member committed counts as confirmed") {
    begin(begins_at(zero, 5, 5));
    begin(begins_at(one, 5, -1));
    CHECK(text_of(confirmed()) == "t/0@5");
    confirm({one, 8});
    CHECK(text_of(confirmed()) == "t/0@5, t/1@8");
  }

  TEST_CASE_FIXTURE(ledger, "reset removes all partitions and the pending commit") {
    begin(begins_at(zero, 5, -1));
    sent(1);
    reset();
    CHECK_FALSE(is_pending());
    CHECK_FALSE(take_new_beginnings());
    CHECK(due(9, 9) == "");
    CHECK(text_of(confirmed()) == "");
  }
}

#include <ottla/kafka/internal/driver/offset_reset.hpp>

#include <doctest/doctest.h>

#include <variant>

using namespace ottla::kafka;

namespace {

const topic_partition three{"t", 3};
const log_range ten_to_twenty{.low = 10, .high = 20};

std::int64_t number_of(const begin_offset& rule) {
  return std::get<at_offset>(rule).offset;
}

} // namespace

TEST_SUITE("offset_reset") {
  TEST_CASE("a committed offset takes precedence over the `begin` setting") {
    CHECK(number_of(first_choice(three, {.committed = 7, .first_partitions = 2}, latest{})) == 7);
    CHECK(number_of(first_choice(three, {.committed = 0}, earliest{})) == 0);
  }

  TEST_CASE("`begin` applies to partitions that existed when the group began") {
    CHECK(std::holds_alternative<latest>(first_choice(three, {}, latest{})));
    CHECK(std::holds_alternative<latest>(first_choice(three, {.first_partitions = 4}, latest{})));
  }

  TEST_CASE("with `latest`, a partition that was added later begins at its earliest record") {
    CHECK(std::holds_alternative<earliest>(first_choice(three, {.first_partitions = 3}, latest{})));
    CHECK(std::holds_alternative<earliest>(first_choice(three, {.first_partitions = 0}, latest{})));
  }

  TEST_CASE("settings other than `latest` apply to added partitions, too") {
    const group_state grown{.first_partitions = 1};
    CHECK(number_of(first_choice(three, grown, at_offset{5})) == 5);
    CHECK(std::holds_alternative<since>(first_choice(three, grown, since{})));
  }

  TEST_CASE("an offset is missing if it is before the log's beginning or after its end") {
    for (const std::int64_t inside : {10, 15, 20})
      CHECK_FALSE(begin_at(three, {}, ten_to_twenty, inside).missing);
    for (const std::int64_t outside : {0, 9, 21, 1'000})
      CHECK(begin_at(three, {}, ten_to_twenty, outside).missing == outside);
  }

  TEST_CASE("a committed offset is missing if its epoch is above the log's epoch, as in a topic "
            "created again") {
    const log_range anew{.low = 0, .high = 20, .epoch = 1};
    CHECK(begin_at(three, {.committed = 15, .epoch = 2}, anew, 15).missing == 15);
    CHECK_FALSE(begin_at(three, {.committed = 15, .epoch = 1}, anew, 15).missing);
    CHECK_FALSE(begin_at(three, {.committed = 15, .epoch = 0}, anew, 15).missing);
  }

  TEST_CASE("a committed offset is not missing if its epoch or the log's epoch is unknown") {
    CHECK_FALSE(
      begin_at(three, {.committed = 15}, {.low = 10, .high = 20, .epoch = 1}, 15).missing);
    CHECK_FALSE(begin_at(three, {.committed = 15, .epoch = 2}, ten_to_twenty, 15).missing);
  }

  TEST_CASE("a committed offset is missing if the log has lost its record") {
    CHECK(begin_at(three, {.committed = 15, .is_lost = true}, ten_to_twenty, 15).missing == 15);
    CHECK_FALSE(begin_at(three, {.committed = 12, .is_lost = true}, ten_to_twenty, 15).missing);
  }

  TEST_CASE("the replacement of a missing offset is limited to the log's offsets") {
    auto found = begin_at(three, {.committed = 5}, ten_to_twenty, 5);
    CHECK(found.committed == 5);
    begin_instead(found, 1);
    CHECK(found.offset == 10);
    begin_instead(found, 30);
    CHECK(found.offset == 20);
    begin_instead(found, 12);
    CHECK(found.offset == 12);
    CHECK(found.missing == 5);
  }
}

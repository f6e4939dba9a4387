#include <ottla/kafka/internal/admin/offset_arithmetic.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace ottla::kafka;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

std::int64_t after(const reset_point& to, const reset_basis& basis) {
  const auto offset = reset_offset(to, basis);
  REQUIRE(offset);
  return *offset;
}

} // namespace

TEST_SUITE("offset_arithmetic") {
  TEST_CASE("lag counts the offsets from the committed one to the end of the log") {
    CHECK(lag_of(5, {.low = 0, .high = 10}) == 5);
    CHECK(lag_of(10, {.low = 0, .high = 10}) == 0);
    CHECK(lag_of(0, {.low = 0, .high = 0}) == 0);
  }

  TEST_CASE("deleted offsets are no lag, and neither is a commit beyond the end") {
    CHECK(lag_of(2, {.low = 7, .high = 10}) == 3);
    CHECK(lag_of(2, {.low = 10, .high = 10}) == 0);
    CHECK(lag_of(12, {.low = 0, .high = 10}) == 0);
  }

  TEST_CASE("only a group without members allows a reset") {
    CHECK(allows_reset(consumer_group_state::empty));
    CHECK(allows_reset(consumer_group_state::dead));
    for (const auto state :
         {consumer_group_state::unknown, consumer_group_state::preparing_rebalance,
          consumer_group_state::completing_rebalance, consumer_group_state::stable}) {
      CAPTURE(to_string(state));
      CHECK_FALSE(allows_reset(state));
    }
  }

  TEST_CASE("earliest and latest are the ends of the log") {
    const reset_basis basis{.committed = 5, .log = {.low = 3, .high = 9}};
    CHECK(after(earliest{}, basis) == 3);
    CHECK(after(latest{}, basis) == 9);
  }

  TEST_CASE("a number outside of the log becomes the nearest end") {
    const reset_basis basis{.log = {.low = 3, .high = 9}};
    CHECK(after(at_offset{0}, basis) == 3);
    CHECK(after(at_offset{3}, basis) == 3);
    CHECK(after(at_offset{7}, basis) == 7);
    CHECK(after(at_offset{9}, basis) == 9);
    CHECK(after(at_offset{most}, basis) == 9);
  }

  TEST_CASE("a time becomes its first record, or the end if there is none") {
    CHECK(after(since{}, {.log = {.low = 3, .high = 9}, .since_time = 4}) == 4);
    CHECK(after(since{}, {.log = {.low = 3, .high = 9}, .since_time = -1}) == 9);
    CHECK(after(since{}, {.log = {.low = 3, .high = 9}, .since_time = 1}) == 3);
  }

  TEST_CASE("a shift moves the committed offset and stays within the log") {
    const reset_basis basis{.committed = 5, .log = {.low = 3, .high = 9}};
    CHECK(after(shift_by{2}, basis) == 7);
    CHECK(after(shift_by{-1}, basis) == 4);
    CHECK(after(shift_by{0}, basis) == 5);
    CHECK(after(shift_by{-100}, basis) == 3);
    CHECK(after(shift_by{100}, basis) == 9);
    CHECK(after(shift_by{most}, basis) == 9);
    CHECK(after(shift_by{least}, basis) == 3);
    CHECK(after(shift_by{most}, {.committed = most, .log = {.low = 0, .high = most}}) == most);
    CHECK(after(shift_by{least}, {.committed = 0, .log = {.low = 0, .high = 1}}) == 0);
  }

  TEST_CASE("a shift without a committed offset fails") {
    const auto offset = reset_offset(shift_by{1}, {.log = {.low = 3, .high = 9}});
    REQUIRE_FALSE(offset);
    CHECK(offset.error().code == errc::offset_out_of_range);
    CHECK(offset.error().text == "the group has no committed offset to shift");
  }

  TEST_CASE("a log that shrinks between its look-ups gives its first offset") {
    const reset_basis basis{.committed = 5, .log = {.low = 9, .high = 3}};
    for (const auto& to :
         {reset_point{earliest{}}, reset_point{latest{}}, reset_point{at_offset{1}},
          reset_point{shift_by{-1}}, reset_point{since{}}})
      CHECK(after(to, basis) == 9);
  }
}

#include "run/reset_plan.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using namespace command;
namespace kafka = ottla::kafka;

TEST_SUITE("command: reset_plan") {
  constexpr log_range log{.begin = 10, .end = 20, .since = 15};

  TEST_CASE("the offset is at an end, at a time, or a number") {
    CHECK(planned_offset(kafka::earliest{}, log, {}) == 10);
    CHECK(planned_offset(kafka::latest{}, log, {}) == 20);
    CHECK(planned_offset(kafka::since{}, log, {}) == 15);
    CHECK(planned_offset(kafka::at_offset{12}, log, {}) == 12);
    CHECK(planned_offset(kafka::shift_by{3}, log, 12) == 15);
    CHECK(planned_offset(kafka::shift_by{-1}, log, 12) == 11);
  }

  TEST_CASE("an offset outside of the log becomes the nearest end") {
    CHECK(planned_offset(kafka::at_offset{5}, log, {}) == 10);
    CHECK(planned_offset(kafka::at_offset{25}, log, {}) == 20);
    CHECK(planned_offset(kafka::shift_by{-100}, log, 12) == 10);
    CHECK(planned_offset(kafka::shift_by{100}, log, 12) == 20);
    CHECK(planned_offset(kafka::shift_by{1}, log, 5) == 10);
    CHECK(planned_offset(kafka::shift_by{-1}, log, 30) == 20);
  }

  TEST_CASE("no shift overflows") {
    CHECK(planned_offset(kafka::shift_by{INT64_MAX}, log, INT64_MAX) == 20);
    CHECK(planned_offset(kafka::shift_by{INT64_MAX}, log, 0) == 20);
    CHECK(planned_offset(kafka::shift_by{INT64_MIN}, log, 0) == 10);
    CHECK(planned_offset(kafka::shift_by{INT64_MIN}, log, INT64_MAX) == 10);
  }

  TEST_CASE("nothing can be shifted without a committed offset") {
    CHECK_FALSE(planned_offset(kafka::shift_by{1}, log, {}));
  }
}

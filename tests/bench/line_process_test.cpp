#include "support/line_process.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>

using namespace std::chrono_literals;
using bench::line_process;

TEST_SUITE("line_process") {
  TEST_CASE("a line_process returns the child's output line by line") {
    line_process echo{{"cat"}};
    CHECK(echo.ask("one", 30s) == "one");
    CHECK(echo.ask("two\nthree", 30s) == "two");
    CHECK(echo.read(30s) == "three");
  }

  TEST_CASE("a line_process throws if its program is missing, has ended or is silent") {
    line_process ended{{"true"}};
    CHECK_THROWS_AS(ended.read(30s), std::runtime_error);
    line_process silent{{"cat"}};
    CHECK_THROWS_AS(silent.read(1ms), std::runtime_error);
    CHECK_THROWS_AS(line_process{{"there is no such program"}}, std::runtime_error);
  }
}

#include "support/percentile.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using bench::percentile;

TEST_SUITE("percentile") {
  TEST_CASE("it is one of the values, the nearest that enough of them do not exceed") {
    const std::vector<double> ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    CHECK(percentile(0.5, ten) == 5);
    CHECK(percentile(0.51, ten) == 6);
    CHECK(percentile(0.99, ten) == 10);
    CHECK(percentile(1, ten) == 10);
    CHECK(percentile(0.01, ten) == 1);
    const std::vector<double> one{7};
    CHECK(percentile(0.5, one) == 7);
  }

  TEST_CASE("nothing, and parts that are none, are refused") {
    CHECK_THROWS_AS(percentile(0.5, {}), std::invalid_argument);
    const std::vector<double> one{7};
    CHECK_THROWS_AS(percentile(0, one), std::invalid_argument);
    CHECK_THROWS_AS(percentile(1.5, one), std::invalid_argument);
  }
}

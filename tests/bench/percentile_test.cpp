#include "support/percentile.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using bench::percentile;

TEST_SUITE("percentile") {
  TEST_CASE("percentile returns the smallest value that covers the requested part of the sample") {
    const std::vector<double> ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    CHECK(percentile(0.5, ten) == 5);
    CHECK(percentile(0.51, ten) == 6);
    CHECK(percentile(0.99, ten) == 10);
    CHECK(percentile(1, ten) == 10);
    CHECK(percentile(0.01, ten) == 1);
    const std::vector<double> one{7};
    CHECK(percentile(0.5, one) == 7);
  }

  TEST_CASE("percentile rejects an empty sample, and parts outside of (0, 1]") {
    CHECK_THROWS_AS(percentile(0.5, {}), std::invalid_argument);
    const std::vector<double> one{7};
    CHECK_THROWS_AS(percentile(0, one), std::invalid_argument);
    CHECK_THROWS_AS(percentile(1.5, one), std::invalid_argument);
  }
}

#include "support/paired_ratio.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

using namespace bench;

namespace {

std::vector<double> one_to(int last) {
  std::vector<double> values(static_cast<std::size_t>(last));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

} // namespace

TEST_SUITE("paired_ratio") {
  TEST_CASE("the median is the middle value, or the mean of the two middle values") {
    CHECK(estimate_median({3, 1, 2}).median == 2);
    CHECK(estimate_median({4, 1, 3, 2}).median == 2.5);
  }

  TEST_CASE("the 95 % interval of the median matches the tables of the sign test") {
    // The bounds are the 4th and 12th of 15 values (96.5 %), the 8th and 18th of 25 values
    // (95.7 %), and the 1st and 6th of 6 values (96.9 %).
    CHECK(estimate_median(one_to(15)).low == 4);
    CHECK(estimate_median(one_to(15)).high == 12);
    CHECK(estimate_median(one_to(25)).low == 8);
    CHECK(estimate_median(one_to(25)).high == 18);
    CHECK(estimate_median(one_to(6)).low == 1);
    CHECK(estimate_median(one_to(6)).high == 6);
  }

  TEST_CASE("the interval spans all values if they are too few for 95 %") {
    CHECK(estimate_median({2, 1}).low == 1);
    CHECK(estimate_median({2, 1}).high == 2);
    CHECK(estimate_median({7}).low == 7);
  }

  TEST_CASE("paired_ratio is the ratio within pairs, and ignores drift between pairs") {
    const std::vector<double> ours{11, 22, 44, 88, 176, 352, 704};
    const std::vector<double> others{10, 20, 40, 80, 160, 320, 640};
    const auto ratio = paired_ratio(ours, others);
    CHECK(ratio.median == doctest::Approx(1.1));
    CHECK(ratio.low == doctest::Approx(1.1));
    CHECK(ratio.high == doctest::Approx(1.1));
  }

  TEST_CASE("an empty sample and runs without a partner are rejected") {
    CHECK_THROWS_AS(estimate_median({}), std::invalid_argument);
    const std::vector<double> two{1, 2};
    const std::vector<double> one{1};
    CHECK_THROWS_AS(paired_ratio(two, one), std::invalid_argument);
  }
}

#pragma once

#include <span>
#include <vector>

namespace bench {

/// A median and its confidence interval of at least 95 %.
struct estimate {
  double median = 0;
  double low = 0;
  double high = 0;
};

/// The bounds of the sign test's interval are two of the values. The test assumes nothing about the
/// distribution and draws no random numbers. The interval of fewer than six values spans all of
/// them and has less than 95 % confidence. Throws std::invalid_argument without values.
estimate estimate_median(std::vector<double> values);

/// The estimate of ours[i] / others[i]. Each pair is measured in the same round, so a slow phase of
/// the machine slows both values. Throws std::invalid_argument unless both have the same number of
/// values.
estimate paired_ratio(std::span<const double> ours, std::span<const double> others);

} // namespace bench

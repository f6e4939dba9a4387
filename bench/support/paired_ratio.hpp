#pragma once

#include <span>
#include <vector>

namespace bench {

/// A median, and the interval that holds it with a confidence of at least 95 %.
struct estimate {
  double median = 0;
  double low = 0;
  double high = 0;
};

/// The interval is that of the sign test, between two of the values: it assumes nothing of their
/// distribution and draws no random numbers. Fewer than six values cannot give 95 %; then it spans
/// all of them. Throws std::invalid_argument without values.
estimate estimate_median(std::vector<double> values);

/// Of ours[i] / others[i], each measured one right after the other: what slows the machine down for
/// a while slows both. Throws std::invalid_argument unless there are as many of one as of the
/// other.
estimate paired_ratio(std::span<const double> ours, std::span<const double> others);

} // namespace bench

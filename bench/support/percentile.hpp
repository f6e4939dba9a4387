#pragma once

#include <span>

namespace bench {

/// The nearest-rank percentile: the smallest value v such that at least `part` of the values are at
/// most v. Values must be sorted. Throws std::invalid_argument without values, or unless
/// 0 < part <= 1.
double percentile(double part, std::span<const double> sorted);

} // namespace bench

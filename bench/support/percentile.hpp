#pragma once

#include <span>

namespace bench {

/// The smallest of the values that at least this part of them does not exceed (nearest rank); they
/// must be sorted. Throws std::invalid_argument without values, or unless 0 < part <= 1.
double percentile(double part, std::span<const double> sorted);

} // namespace bench

#include "support/percentile.hpp"

#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace bench {

double percentile(double part, std::span<const double> sorted) {
  if (sorted.empty() || !(part > 0 && part <= 1))
    throw std::invalid_argument{"a percentile needs at least one value and a part in (0, 1]"};
  const auto rank = std::ceil(part * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(rank) - 1];
}

} // namespace bench

#include "support/paired_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <stdexcept>

namespace bench {

namespace {

/// The number of values outside of the interval on each side. If a fair coin is thrown for each
/// value, the result is the largest k for which k heads or fewer have a probability of at most
/// 2.5 %. The result is 0 if no k meets this limit.
std::size_t left_out(std::size_t size) {
  auto exactly = std::pow(0.5, static_cast<double>(size));
  double at_most = 0;
  for (std::size_t heads = 0; heads < size; ++heads) {
    at_most += exactly;
    if (at_most > 0.025)
      return heads == 0 ? 0 : heads - 1;
    exactly *= static_cast<double>(size - heads) / static_cast<double>(heads + 1);
  }
  return 0;
}

} // namespace

estimate estimate_median(std::vector<double> values) {
  if (values.empty())
    throw std::invalid_argument{"a median needs at least one value"};
  std::ranges::sort(values);
  const auto size = values.size();
  const auto median = (values[(size - 1) / 2] + values[size / 2]) / 2;
  const auto out = left_out(size);
  return {.median = median, .low = values[out], .high = values[size - 1 - out]};
}

estimate paired_ratio(std::span<const double> ours, std::span<const double> others) {
  if (ours.size() != others.size())
    throw std::invalid_argument{"paired ratios need the same number of values for both contenders"};
  std::vector<double> ratios(ours.size());
  std::ranges::transform(ours, others, ratios.begin(), std::divides{});
  return estimate_median(std::move(ratios));
}

} // namespace bench

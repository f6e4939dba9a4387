#include "registry_lookup/name_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace bench {

std::vector<std::string> name_list(std::size_t count) {
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t name = 1; name <= count; ++name)
    names.push_back(fmt::format("worker/orders/{}", name));
  return names;
}

std::vector<std::string> drawn(std::vector<std::string> names, std::size_t count,
                               std::uint32_t seed) {
  std::shuffle(names.begin(), names.end(), std::mt19937{seed});
  names.resize(std::min(count, names.size()));
  // Copies the names, because only new blocks lie in memory in the order of the list.
  return {names.cbegin(), names.cend()};
}

} // namespace bench

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// `worker/orders/1` and so on. Names up to `worker/orders/9` fit into a std::string without a heap
/// block; longer ones do not.
std::vector<std::string> name_list(std::size_t count);

/// Draws `count` of the names in random order, as the seed decides. The names lie in memory in this
/// order, so reading them costs little.
std::vector<std::string> drawn(std::vector<std::string> names, std::size_t count,
                               std::uint32_t seed);

} // namespace bench

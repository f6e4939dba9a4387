#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// `worker/orders/1` and so on: the shortest fit into a std::string without a block of its own, the
/// others do not.
std::vector<std::string> name_list(std::size_t count);

/// So many of them, which and in which order the seed decides. They lie in memory as they are to be
/// read, so that reading them does not count for much.
std::vector<std::string> drawn(std::vector<std::string> names, std::size_t count,
                               std::uint32_t seed);

} // namespace bench

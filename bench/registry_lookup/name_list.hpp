#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// `worker/orders/1` and so on: the shortest fit into a std::string without a block of its own, the
/// others do not.
std::vector<std::string> name_list(std::size_t count);

/// The same in an order that the seed decides. They lie in memory as they are to be read, so that
/// reading them does not count for much.
std::vector<std::string> shuffled(std::vector<std::string> names, std::uint32_t seed);

} // namespace bench

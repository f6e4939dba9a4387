#pragma once

#include <cstdint>

namespace ottla::kafka::simulation {

/// Runs `count` lives, from seed `from` on, in `jobs` processes, so that one that crashes is told
/// with its seed. Prints what was found; true: nothing.
bool run_lives(std::uint64_t from, std::uint64_t count, unsigned jobs);

} // namespace ottla::kafka::simulation

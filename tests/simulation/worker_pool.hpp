#pragma once

#include <cstdint>

namespace ottla::kafka::simulation {

/// Runs `count` lives, from seed `from` on, in `jobs` processes, so that a crash is reported with
/// its seed. Prints the violated invariants. True if all invariants held.
bool run_lives(std::uint64_t from, std::uint64_t count, unsigned jobs);

} // namespace ottla::kafka::simulation

#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace ottla::test {

/// A new random seed, or the value of OTTLA_SEED to reproduce a failure.
inline std::uint32_t seed() {
  if (const char* given = std::getenv("OTTLA_SEED"))
    return static_cast<std::uint32_t>(std::stoul(given));
  return std::random_device{}();
}

} // namespace ottla::test

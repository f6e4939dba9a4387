#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace ottla::test {

/// A new seed each time, or the one in OTTLA_SEED, to see a failure again.
inline std::uint32_t seed() {
  if (const char* given = std::getenv("OTTLA_SEED"))
    return static_cast<std::uint32_t>(std::stoul(given));
  return std::random_device{}();
}

} // namespace ottla::test

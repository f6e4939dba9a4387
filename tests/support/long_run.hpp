#pragma once

#include <cstdlib>

namespace ottla::test {

/// True if OTTLA_LONG is set, as by `./dev test --long`. Randomized tests then run longer.
inline bool long_run() {
  return std::getenv("OTTLA_LONG") != nullptr;
}

} // namespace ottla::test

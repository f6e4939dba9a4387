#pragma once

#include <cstdlib>

namespace ottla::test {

/// True if randomized tests may run for long: OTTLA_LONG is set, as by `./dev test --long`.
inline bool long_run() {
  return std::getenv("OTTLA_LONG") != nullptr;
}

} // namespace ottla::test

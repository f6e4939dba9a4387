#pragma once

#include <cstdlib>

namespace ottla::test {

/// Whether tests that draw lots may take their time: OTTLA_LONG, `./dev test --long`.
inline bool long_run() {
  return std::getenv("OTTLA_LONG") != nullptr;
}

} // namespace ottla::test

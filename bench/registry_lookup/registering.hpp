#pragma once

#include <cstddef>

namespace bench {

struct register_run {
  /// Pairs of a register and an unregister. A tenth as many run first as an uncounted warm-up.
  std::size_t times = 0;
  /// Pairs in flight, each with its own name.
  std::size_t outstanding = 1;
};

/// Microseconds per register and unregister, until the registry has handled both.
double register_ours(const register_run& how);
double register_raw(const register_run& how);

} // namespace bench

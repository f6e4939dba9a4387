#pragma once

#include <cstddef>

namespace bench {

struct register_run {
  /// Of a name, each taken and given back; a tenth as many before do not count.
  std::size_t times = 0;
  /// So many at a time, each of a name of its own.
  std::size_t outstanding = 1;
};

/// Of a register and an unregister in microseconds, until the registry is done with both.
double register_ours(const register_run& how);
double register_raw(const register_run& how);

} // namespace bench

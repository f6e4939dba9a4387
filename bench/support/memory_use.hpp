#pragma once

namespace bench {

/// The memory of this process, in bytes.
struct memory_use {
  double resident = 0;
  /// Bytes that malloc has handed out from all arenas, including malloc's headers.
  double heap = 0;
};

memory_use memory_now();

/// The peak of the resident memory since the start of the process, in bytes.
double peak_of_resident();

inline memory_use operator-(const memory_use& later, const memory_use& earlier) {
  return {later.resident - earlier.resident, later.heap - earlier.heap};
}

} // namespace bench

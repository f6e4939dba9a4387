#pragma once

namespace bench {

/// Of this process, in bytes.
struct memory_use {
  double resident = 0;
  /// Handed out by malloc, over all arenas, its own headers included.
  double heap = 0;
};

memory_use memory_now();

/// The most that was ever resident, in bytes.
double peak_of_resident();

inline memory_use operator-(const memory_use& later, const memory_use& earlier) {
  return {later.resident - earlier.resident, later.heap - earlier.heap};
}

} // namespace bench

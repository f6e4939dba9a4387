#pragma once

#include <chrono>

namespace bench {

/// The wall-clock time, and the CPU time that all threads of this process have used.
struct process_usage {
  std::chrono::duration<double> elapsed{};
  std::chrono::duration<double> cpu{};
};

process_usage usage_now();

inline process_usage operator-(const process_usage& later, const process_usage& earlier) {
  return {later.elapsed - earlier.elapsed, later.cpu - earlier.cpu};
}

} // namespace bench

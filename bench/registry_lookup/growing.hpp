#pragma once

#include "registry_lookup/population.hpp"
#include "support/percentile.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace bench {

/// The times of a series of writes, in microseconds.
struct write_times {
  double longest = 0;
  double p99_99 = 0;
  double mean = 0;
};

/// Wall-clock time. Includes the time slices of other programs.
struct wall_time {
  static std::chrono::nanoseconds now() {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
};

/// CPU time of the calling thread, including kernel time. Excludes time slices of other programs.
struct thread_time {
  static std::chrono::nanoseconds now();
};

/// Calls `write(n)` for n = 0, 1, ... and times each.
template <class Clock, class Write>
write_times time_each(std::size_t count, Write write) {
  // Writing 1 touches every page now, so that the measured time has no page fault.
  std::vector<double> took(count, 1);
  double sum = 0;
  auto before = Clock::now();
  for (std::size_t turn = 0; turn < count; ++turn) {
    write(turn);
    const auto now = Clock::now();
    took[turn] = std::chrono::duration<double, std::micro>{now - before}.count();
    sum += took[turn];
    before = now;
  }
  std::ranges::sort(took);
  return {.longest = took.back(),
          .p99_99 = percentile(0.9999, took),
          .mean = sum / static_cast<double>(count)};
}

template <class Clock, class Names>
write_times grow(Names& table, const std::vector<std::string>& names, const population& holders) {
  return time_each<Clock>(
    names.size(), [&](std::size_t name) { table.take(names[name], holders.holder_of(name)); });
}

} // namespace bench

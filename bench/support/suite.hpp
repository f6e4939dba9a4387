#pragma once

#include "support/row.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// A figure that each run returns. Each measure becomes a row of the table.
struct measure {
  std::string what;
  std::string unit;
  std::vector<bar> bars = {};
};

/// One run: a figure for each measure, in their order. A throw ends the comparison.
using run_function = std::function<std::vector<double>()>;

struct contender {
  std::string name;
  run_function run;
};

/// The same work done by ours, by the floor (without a framework) and by the peers (the
/// alternatives that users have). A round runs each of them once. Every other round runs in reverse
/// order. The first round warms up and is not counted.
struct comparison {
  /// The variant, for example `1 KiB, 8 partitions`.
  std::string name;
  std::vector<measure> measures;
  run_function ours;
  run_function floor = nullptr;
  std::vector<contender> peers = {};
  std::size_t rounds = 15;
  /// Runs before the first round; not timed.
  std::function<void()> prepare = nullptr;
};

/// The comparisons of one program, run by Google Benchmark. Each comparison is a benchmark and each
/// round is an iteration, so --benchmark_filter and --benchmark_list_tests work as usual.
class suite {
public:
  void add(comparison what);

  /// Runs the comparisons that the arguments select and prints the rows as a table. Returns a
  /// status for main: 1 if a comparison failed, 2 for unknown arguments. A missed bar is not a
  /// failure.
  ///
  /// Environment: OTTLA_BENCH_OUT names a file for the rows as a JSON list. OTTLA_BENCH_ROUNDS
  /// limits the rounds of each comparison. OTTLA_BENCH_ALONE runs ours without the others, for a
  /// profiler.
  int run(int argc, char** argv);

private:
  std::vector<row> rows_;
  bool failed_ = false;
};

} // namespace bench

#pragma once

#include "support/row.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// A figure that each run gives; becomes a row.
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

/// The same work done by us, at the floor (without a framework), and by what users would take
/// instead. Each round has one run of everybody, and every other round goes backwards; a first
/// round warms up and does not count.
struct comparison {
  /// The variant, as in `1 KiB, 8 partitions`.
  std::string name;
  std::vector<measure> measures;
  run_function ours;
  run_function floor = nullptr;
  std::vector<contender> peers = {};
  std::size_t rounds = 15;
  /// Before the first round; not timed.
  std::function<void()> prepare = nullptr;
};

/// The comparisons of one bench, run by Google Benchmark: a comparison is a benchmark of its own
/// and a round is an iteration, so that --benchmark_filter and --benchmark_list_tests do what they
/// say.
class suite {
public:
  void add(comparison what);

  /// Runs what the arguments ask for and prints the rows as a table; the environment's
  /// OTTLA_BENCH_OUT, if set, names the file they are written to as a JSON list. A status for main:
  /// 1 where something failed. A bar that was missed is an answer, not a failure.
  ///
  /// OTTLA_BENCH_ROUNDS, if set, is the most rounds that a comparison has, to try things out. With
  /// OTTLA_BENCH_ALONE ours runs without the others, for a profiler.
  int run(int argc, char** argv);

private:
  std::vector<row> rows_;
  bool failed_ = false;
};

} // namespace bench

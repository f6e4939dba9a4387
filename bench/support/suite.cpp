#include "support/suite.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

namespace {

/// The figures of one contender, by measure, then by round.
using series = std::vector<std::vector<double>>;

/// All runs of one comparison: ours first, then the floor if there is one, then the peers.
class rounds {
public:
  explicit rounds(const comparison& what) : what_{what} {
    runners_.push_back({"ours", what.ours});
    if (what.floor)
      runners_.push_back({the_floor, what.floor});
    runners_.insert(runners_.end(), what.peers.begin(), what.peers.end());
    figures_.assign(runners_.size(), series(what.measures.size()));
  }

  void warm_up() {
    for (const auto& one : runners_)
      static_cast<void>(one.run());
  }

  /// Runs one round. Returns the seconds that our run took.
  double next() {
    double seconds = 0;
    for (std::size_t turn = 0; turn < runners_.size(); ++turn) {
      const auto who = backwards_ ? runners_.size() - 1 - turn : turn;
      const auto begin = std::chrono::steady_clock::now();
      note(who, runners_[who].run());
      if (who == 0)
        seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - begin}.count();
    }
    backwards_ = !backwards_;
    return seconds;
  }

  row answer(std::size_t measure) const {
    const auto& asked = what_.measures[measure];
    const auto& ours = figures_.front()[measure];
    row result{.question = fmt::format("{}, {}", asked.what, what_.name),
               .unit = asked.unit,
               .ours = estimate_median(ours).median,
               .bars = asked.bars};
    for (std::size_t who = 1; who < runners_.size(); ++who) {
      const auto& other = figures_[who][measure];
      const auto& name = runners_[who].name;
      if (who == 1 && what_.floor)
        result.floor = estimate_median(other).median;
      else
        result.peers[name] = estimate_median(other).median;
      result.spread[name] = paired_ratio(ours, other);
    }
    return result;
  }

private:
  void note(std::size_t who, const std::vector<double>& figures) {
    if (figures.size() != what_.measures.size())
      throw std::logic_error{"a run must give a figure for each measure"};
    for (std::size_t measure = 0; measure < figures.size(); ++measure)
      figures_[who][measure].push_back(figures[measure]);
  }

  const comparison& what_;
  std::vector<contender> runners_;
  std::vector<series> figures_;
  bool backwards_ = false;
};

std::vector<row> compare(const comparison& what, benchmark::State& state) {
  if (what.prepare)
    what.prepare();
  rounds all{what};
  all.warm_up();
  for ([[maybe_unused]] auto round : state)
    state.SetIterationTime(all.next());
  std::vector<row> rows;
  for (std::size_t measure = 0; measure < what.measures.size(); ++measure) {
    rows.push_back(all.answer(measure));
    state.counters[fmt::format("{} [{}]", what.measures[measure].what, rows.back().unit)]
      = rows.back().ours;
  }
  return rows;
}

std::size_t rounds_of(const comparison& what) {
  const auto* most = std::getenv("OTTLA_BENCH_ROUNDS");
  return most == nullptr ? what.rounds : std::min<std::size_t>(what.rounds, std::stoul(most));
}

bool write(const std::vector<row>& rows) {
  const auto* path = std::getenv("OTTLA_BENCH_OUT");
  if (path == nullptr)
    return true;
  auto list = nlohmann::json::array();
  for (const auto& one : rows)
    list.push_back(to_json(one));
  std::ofstream file{path};
  file << list.dump(2) << '\n';
  file.close();
  if (!file)
    fmt::print(stderr, "cannot write \"{}\"\n", path);
  return static_cast<bool>(file);
}

} // namespace

void suite::add(comparison what) {
  if (std::getenv("OTTLA_BENCH_ALONE") != nullptr) {
    what.floor = nullptr;
    what.peers.clear();
  }
  const auto rounds = static_cast<benchmark::IterationCount>(rounds_of(what));
  const auto name = fmt::format("{}, {}", what.measures.at(0).what, what.name);
  benchmark::RegisterBenchmark(name.c_str(),
                               [this, what = std::move(what)](benchmark::State& state) {
                                 try {
                                   for (auto& one : compare(what, state))
                                     rows_.push_back(std::move(one));
                                 } catch (const std::exception& error) {
                                   failed_ = true;
                                   state.SkipWithError(error.what());
                                 }
                               })
    ->Iterations(rounds)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
}

int suite::run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  // Google Benchmark's report goes to stderr, as progress. The table goes to stdout.
  benchmark::ConsoleReporter progress{benchmark::ConsoleReporter::OO_Tabular};
  progress.SetOutputStream(&std::cerr);
  progress.SetErrorStream(&std::cerr);
  benchmark::RunSpecifiedBenchmarks(&progress);
  benchmark::Shutdown();
  if (!rows_.empty())
    fmt::print("{}", to_table(rows_));
  return write(rows_) && !failed_ ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace bench

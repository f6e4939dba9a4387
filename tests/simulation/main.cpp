// Simulated lives of consumer groups, one per seed. See docs/simulation.md.

// The tests' stage includes doctest, so this program contains doctest's implementation.
#define DOCTEST_CONFIG_IMPLEMENT
#include "life.hpp"
#include "worker_pool.hpp"

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace {

using namespace ottla::kafka::simulation;

int replay(std::uint64_t seed) {
  std::optional<finding> found;
  moment took{};
  std::uint64_t turns = 0;
  {
    life one{seed, trace::wanted::lines};
    found = one.run();
    took = one.took();
    turns = one.turns();
  }
  if (found)
    std::printf("seed %llu: %s: %s\n", static_cast<unsigned long long>(seed),
                found->invariant.c_str(), found->details.c_str());
  else
    std::printf("seed %llu: nothing found in %.1f s of virtual time and %llu turns\n",
                static_cast<unsigned long long>(seed), std::chrono::duration<double>(took).count(),
                static_cast<unsigned long long>(turns));
  return found ? 1 : 0;
}

} // namespace

int main(int count, char** words) {
  CLI::App program{
    "Runs simulated lives of consumer groups. Exits with 1 after a life that breaks an invariant."};
  std::uint64_t seeds = 2'000;
  std::uint64_t from = 1;
  unsigned jobs = 1;
  std::uint64_t seed = 0;
  const auto many = program.add_option("--seeds", seeds, "number of lives")->capture_default_str();
  const auto first = program.add_option("--from", from, "the first seed")->capture_default_str();
  program.add_option("--jobs", jobs, "number of processes that run lives")
    ->check(CLI::PositiveNumber)
    ->capture_default_str();
  const auto one = program.add_option("--seed", seed, "run only this life, and print its events")
                     ->excludes(many)
                     ->excludes(first);
  CLI11_PARSE(program, count, words);
  if (*one)
    return replay(seed);
  return run_lives(from, seeds, jobs) ? 0 : 1;
}

// Simulated lives of consumer groups, one a seed. See docs/simulation.md.

// The stage of the tests comes with printers for doctest.
#define DOCTEST_CONFIG_IMPLEMENT
#include "life.hpp"
#include "worker_pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace ottla::kafka::simulation;

struct options {
  std::uint64_t from = 1;
  std::uint64_t seeds = 2'000;
  unsigned jobs = 1;
  bool one = false;
};

constexpr std::string_view usage = R"(Usage: simulate [--seeds N] [--from S] [--jobs N]
       simulate --seed S

Runs N simulated lives, from seed S on, in so many processes, and ends with 1 at the
first that breaks an invariant. --seed runs one and prints what happens in it.
)";

std::uint64_t number(int count, char** words, int& at) {
  if (at + 1 >= count)
    throw std::invalid_argument{std::string{words[at]} + " needs a number"};
  ++at;
  std::size_t used = 0;
  const std::string text = words[at];
  const auto value = std::stoull(text, &used);
  if (used != text.size())
    throw std::invalid_argument{"not a number: '" + text + "'"};
  return value;
}

options read(int count, char** words) {
  options result;
  for (int at = 1; at < count; ++at) {
    const std::string_view word = words[at];
    if (word == "--seeds") {
      result.seeds = number(count, words, at);
    } else if (word == "--from") {
      result.from = number(count, words, at);
    } else if (word == "--jobs") {
      result.jobs = static_cast<unsigned>(std::max<std::uint64_t>(1, number(count, words, at)));
    } else if (word == "--seed") {
      result.from = number(count, words, at);
      result.one = true;
    } else {
      throw std::invalid_argument{"unknown option '" + std::string{word} + "'"};
    }
  }
  return result;
}

int replay(std::uint64_t seed) {
  std::optional<finding> found;
  moment took{};
  std::uint64_t turns = 0;
  {
    life it{seed, trace::wanted::lines};
    found = it.run();
    took = it.took();
    turns = it.turns();
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
  try {
    const auto wanted = read(count, words);
    if (wanted.one)
      return replay(wanted.from);
    return run_lives(wanted.from, wanted.seeds, wanted.jobs) ? 0 : 1;
  } catch (const std::invalid_argument& wrong) {
    std::fprintf(stderr, "simulate: %s\n%s", wrong.what(), std::string{usage}.c_str());
    return 2;
  }
}

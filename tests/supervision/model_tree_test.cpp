#include "model/walk.hpp"
#include "support/long_run.hpp"
#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>

using namespace ottla::test;

// Compares random trees with OTP's rules in model/. The test reports the seed of a tree that
// differs. With that seed in OTTLA_SEED, the test begins with that tree.

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint32_t trees = 1'000;
#else
constexpr std::uint32_t trees = 10'000;
#endif
constexpr std::uint32_t times_as_many_in_a_long_run = 20;
/// Trees share an actor system, since a new system for each tree would take most of the time.
constexpr std::uint32_t trees_a_stage = 100;

} // namespace

TEST_SUITE("model_tree") {
  TEST_CASE("random trees follow OTP's rules through random events and requests"
            * doctest::timeout(120)) {
    const auto first = seed();
    const auto many = long_run() ? trees * times_as_many_in_a_long_run : trees;
    for (std::uint32_t tree = 0; tree < many;) {
      stage on;
      for (auto left = trees_a_stage; left != 0; --left, ++tree)
        if (const auto wrong = walk{on, first + tree}.run())
          FAIL("OTTLA_SEED=" << first + tree << "\n" << *wrong);
    }
  }
}

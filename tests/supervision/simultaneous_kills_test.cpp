#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include "support/seed.hpp"
#include "support/stage.hpp"
#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

// Kills several processes of a random tree at the same time. The scheduler runs the survivors in a
// random order. No process hangs, so the tree recovers without any virtual time passing.

namespace {

struct random_tree {
  // Declared before the stage, whose destructor still runs actors in a random order.
  std::mt19937 random;
  stage on = {};
  int leaves = 0;

  explicit random_tree(std::uint32_t seed) : random{seed} {
    on.time.choose_turns([this](std::size_t turns) { return below(turns); });
  }

  std::size_t below(std::size_t bound) { return random() % bound; }

  supervisor_spec grow(int depth, const std::string& id) {
    supervisor_spec spec{.id = id,
                         .strategy = static_cast<strategy>(below(3)),
                         .restarts = {.at_most = 1'000'000, .within = 1s}};
    for (auto child = 1 + below(3); child != 0; --child)
      if (depth > 0 && below(3) != 0)
        spec.children.push_back(grow(depth - 1, "s" + std::to_string(child)));
      else
        spec.children.push_back(on.child("leaf" + std::to_string(leaves++)));
    return spec;
  }
};

void collect(const tree_node& node, std::vector<caf::actor>& into, bool& whole) {
  for (const auto& child : node.children) {
    whole = whole && child.status == child_status::up && is_alive(child.process);
    if (child.process)
      into.push_back(child.process);
    collect(child, into, whole);
  }
}

void one_tree(std::uint32_t seed) {
  CAPTURE(seed);
  random_tree tree{seed};
  const auto top = tree.on.start(tree.grow(3, "top")).process;
  for (int round = 0; round < 10; ++round) {
    std::vector<caf::actor> all;
    auto whole = true;
    collect(*ask<tree_node>(tree.on, top, describe_tree{}).answer, all, whole);
    REQUIRE(whole);
    for (auto kills = 1 + tree.below(5); kills != 0; --kills)
      kill(all[tree.below(all.size())]);
    tree.on.time.run();
  }
  CHECK(tree.on.count(process_event::kind::fenced) == 0);
}

} // namespace

TEST_SUITE("supervisor: simultaneous kills") {
  TEST_CASE("a tree recovers at once from simultaneous kills, in whatever order the actors run") {
    const auto first = seed();
    for (std::uint32_t tree = 0; tree < 200; ++tree)
      one_tree(first + tree);
  }
}

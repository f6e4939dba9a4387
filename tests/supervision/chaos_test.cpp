#include <ottla/actors/call.hpp>
#include <ottla/actors/introspection.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include "support/patience.hpp"
#include "support/print.hpp"
#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <deque>
#include <random>
#include <thread>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

// Kills random processes and supervisors of random trees on real threads. At every moment each leaf
// has at most one living process. In the end the tree is complete again, and a stop leaves no
// process.

namespace {

constexpr std::array policies{scheduling::handoff, scheduling::sharing, scheduling::stealing};

struct leaf_record {
  std::atomic<int> living = 0;
  std::atomic<int> started = 0;
  std::atomic<int> overlaps = 0;
};

class leaf : public process {
public:
  leaf(caf::actor_config& config, process_context context, leaf_record* record)
    : process{config, std::move(context)}, record_{record} {}

private:
  caf::behavior set_up() override {
    ++record_->started;
    counted_ = true;
    if (++record_->living > 1)
      ++record_->overlaps;
    return {[](which_children) { throw std::runtime_error{"told to"}; }};
  }

  void terminated() override {
    if (counted_)
      --record_->living;
  }

  leaf_record* record_;
  bool counted_ = false;
};

struct forest {
  std::mt19937 random;
  std::deque<leaf_record> leaves = {};

  std::size_t below(std::size_t bound) { return random() % bound; }

  child_spec grow_leaf() {
    const auto id = std::to_string(leaves.size());
    child_spec spec{
      .id = "leaf" + id, .start = start<leaf>(&leaves.emplace_back()), .name = "leaf" + id};
    switch (below(4)) {
      case 0: spec.shutdown = shutdown_policy::brutal_kill(); break;
      case 1: spec.run_as = execution::detached; break;
      case 2: spec.shutdown = patience(); break;
      default: break;
    }
    return spec;
  }

  supervisor_spec grow(int depth, const std::string& id) {
    supervisor_spec spec{.id = id,
                         .strategy = static_cast<strategy>(below(3)),
                         .restarts = {.at_most = 1'000'000, .within = 1s}};
    const auto children = 1 + below(4);
    for (std::size_t child = 0; child < children; ++child)
      if (depth > 0 && below(2) == 0)
        spec.children.push_back(grow(depth - 1, "s" + std::to_string(child)));
      else
        spec.children.push_back(grow_leaf());
    return spec;
  }
};

void collect(const tree_node& node, std::vector<caf::actor>& into, bool& whole) {
  for (const auto& child : node.children) {
    if (child.process)
      into.push_back(child.process);
    whole = whole && child.status == child_status::up;
    if (child.type == child_type::supervisor)
      whole = whole && !child.children.empty();
    collect(child, into, whole);
  }
}

/// The processes below the root. Empty if any of the processes is down.
std::vector<caf::actor> whole_tree(application& app) {
  std::vector<caf::actor> all;
  bool whole = true;
  const auto tree = app.tree();
  if (!tree)
    return {};
  collect(*tree, all, whole);
  return whole && std::all_of(all.begin(), all.end(), is_alive) ? all : std::vector<caf::actor>{};
}

/// Returns whether the tree is complete and no kill or exit is still in a mailbox. Each process
/// must answer a request, which arrives after earlier kills and exits.
bool is_settled(application& app) {
  const auto all = whole_tree(app);
  return !all.empty() && std::all_of(all.begin(), all.end(), [&](const caf::actor& each) {
    return call<process_status>(app.system(), each, patience(), get_status{});
  }) && whole_tree(app) == all;
}

bool settles(application& app) {
  const auto deadline = std::chrono::steady_clock::now() + patience();
  while (std::chrono::steady_clock::now() < deadline) {
    if (is_settled(app))
      return true;
    std::this_thread::yield();
  }
  return false;
}

void one_tree(std::uint32_t seed, scheduling policy) {
  CAPTURE(seed);
  forest woods{std::mt19937{seed}};
  auto spec = woods.grow(3, "chaos");
  {
    application app{{.id = spec.id,
                     .strategy = spec.strategy,
                     .restarts = spec.restarts,
                     .children = spec.children,
                     .scheduling = policy,
                     .threads = 3}};
    for (int round = 0; round < 20; ++round) {
      std::vector<caf::actor> all;
      bool whole = true;
      const auto tree = app.tree();
      REQUIRE(tree);
      collect(*tree, all, whole);
      if (all.empty())
        continue;
      std::vector<std::thread> hands;
      for (int hand = 0; hand < 2; ++hand)
        hands.emplace_back([&, random = std::mt19937{woods.random()}]() mutable {
          for (int blow = 0; blow < 4; ++blow) {
            const auto& victim = all[random() % all.size()];
            switch (random() % 3) {
              case 0: post(victim, which_children{}); break;
              case 1: request_exit(victim, to_error(exit_reason::crashed("asked"))); break;
              default: kill(victim); break;
            }
          }
        });
      for (auto& hand : hands)
        hand.join();
    }
    REQUIRE(settles(app));
    CHECK(app.stop());
  }
  int starts = 0;
  for (const auto& each : woods.leaves) {
    CHECK(each.living == 0);
    CHECK(each.overlaps == 0);
    CHECK(each.started > 0);
    starts += each.started;
  }
  // The kills had an effect: leaves were restarted.
  CHECK(starts > static_cast<int>(woods.leaves.size()));
}

} // namespace

TEST_SUITE("chaos" * doctest::timeout(120)) {
  TEST_CASE("under every scheduler, random trees survive random kills") {
    const auto first = seed();
    for (const auto policy : policies)
      for (std::uint32_t tree = 0; tree < 15; ++tree)
        one_tree(first + tree, policy);
  }

  TEST_CASE("under every scheduler, a stop during restarts leaves no process running") {
    const auto first = seed();
    for (std::uint32_t tree = 0; tree < 30; ++tree) {
      CAPTURE(first + tree);
      forest woods{std::mt19937{first + tree}};
      auto spec = woods.grow(2, "chaos");
      {
        application app{{.id = spec.id,
                         .strategy = spec.strategy,
                         .restarts = spec.restarts,
                         .children = spec.children,
                         .scheduling = policies[tree % policies.size()],
                         .threads = 3}};
        std::vector<caf::actor> all;
        bool whole = true;
        collect(app.tree().value(), all, whole);
        for (const auto& each : all)
          kill(each);
        CHECK(app.stop());
      }
      for (const auto& each : woods.leaves) {
        CHECK(each.living == 0);
        CHECK(each.overlaps == 0);
      }
    }
  }
}

// Random kills inside one tree. No message is lost, and only the coordinator's death causes a
// rebalance.

#include "kafka/faults/faulty_group.hpp"
#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <utility>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

const std::vector<std::string>& those_without_membership() {
  static const std::vector<std::string> all{std::string{registry_name},
                                            std::string{producer_name},
                                            std::string{acknowledger_name},
                                            std::string{group_manager_name},
                                            std::string{worker_supervisor_name},
                                            worker_name({"t", 0}),
                                            worker_name({"t", 1})};
  return all;
}

struct kill_run {
  std::size_t kills = 0;
  /// Kills between two checks that all messages are handled.
  std::size_t burst = 0;
  std::vector<std::string> victims = those_without_membership();
};

struct killed_group : faulty_group {
  std::mt19937 lots{ottla::test::seed()};
  std::size_t coordinators_killed = 0;

  /// Returns false if the process has not restarted yet, or was killed before and is still alive.
  bool kill_one(const std::string& name) {
    const auto victim = app->names()->whereis("c/" + name);
    if (!victim || std::exchange(killed_[name], victim.id()) == victim.id())
      return false;
    coordinators_killed += name == coordinator_name ? 1 : 0;
    kill(victim);
    return true;
  }

  /// Stores one more message, so that handlers acknowledge the messages they left unacknowledged.
  std::string settle_lazily() {
    seen->is_lazy = false;
    if (auto wrong = store(1); !wrong.empty())
      return wrong;
    auto wrong = settle();
    seen->is_lazy = true;
    return wrong;
  }

  void suffer(const kill_run& what) {
    REQUIRE(store(50) == "");
    start();
    REQUIRE(settle() == "");
    seen->is_lazy = true;
    for (std::size_t done = 0; done < what.kills;) {
      const auto until = std::chrono::steady_clock::now() + 60s;
      for (std::size_t in_burst = 0; in_burst < what.burst && done < what.kills;) {
        REQUIRE(std::chrono::steady_clock::now() < until); // a process must restart within a minute
        if (kill_one(what.victims[lots() % what.victims.size()])) {
          ++done;
          ++in_burst;
          REQUIRE(store(1) == "");
        }
      }
      REQUIRE(settle_lazily() == "");
    }
    seen->is_lazy = false; // check_health() needs handlers that acknowledge
    CHECK(check_health() == "");
    CHECK(stop() == "");
    MESSAGE(what.kills << " kills, " << seen->distinct() << " handled, " << seen->repeated()
                       << " again, in " << seen->generations() << " generations");
  }

private:
  std::map<std::string, caf::actor_id> killed_;
};

} // namespace

TEST_SUITE("random kills" * doctest::timeout(600)) {
  TEST_CASE_FIXTURE(killed_group,
                    "a thousand kills of processes other than the coordinator cause no rebalance") {
    suffer({.kills = 1'000, .burst = 10});
    CHECK(seen->assignments() == 1);
    CHECK(seen->generations() == 1);
  }

  TEST_CASE_FIXTURE(killed_group, "each death of the coordinator causes at most one rebalance") {
    auto victims = those_without_membership();
    victims.emplace_back(coordinator_name);
    suffer({.kills = 50, .burst = 10, .victims = victims});
    CHECK(seen->assignments() <= 1 + coordinators_killed);
  }
}

TEST_SUITE("all faults" * doctest::skip() * doctest::timeout(1800)) {
  TEST_CASE_FIXTURE(
    killed_group,
    "a group loses no message after a thousand random kills, including kills of the coordinator") {
    auto victims = those_without_membership();
    victims.emplace_back(coordinator_name);
    suffer({.kills = 1'000, .burst = 25, .victims = victims});
    CHECK(coordinators_killed > 0);
    CHECK(seen->assignments() <= 1 + coordinators_killed);
  }
}

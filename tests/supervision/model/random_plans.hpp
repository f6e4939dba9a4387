#pragma once

#include "planned_child.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <utility>

namespace ottla::test {

/// Makes random plans of children and of whole trees.
class random_plans {
public:
  explicit random_plans(std::uint32_t seed) : random_{seed}, has_delays_{below(2) == 0} {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t many) { return below(many) == 0; }

  planned_child tree() {
    auto root = supervisor(3, nullptr);
    root.patience = std::chrono::nanoseconds::max();
    return root;
  }

  /// A worker for a supervisor like `under`, or for any supervisor if `under` is null.
  planned_child worker(const planned_team* under) {
    auto plan = child('w', under);
    plan.patience = one_in(5) ? std::chrono::nanoseconds{} : some_time(3'000);
    // A tree has either deaf children or delayed restarts, never both. So the model never has two
    // pending actions at the same time.
    plan.deaf = !has_delays_ && one_in(5);
    if (one_in(3))
      plan.name = "the " + plan.id;
    for (auto starts = below(5); starts != 0; --starts)
      plan.inits.push_back(outcome(plan.inits.empty() ? 30 : 4));
    return plan;
  }

  planned_child supervisor(int depth, const planned_team* under) {
    auto plan = child('s', under);
    plan.patience = one_in(6)   ? std::chrono::nanoseconds{}
                    : one_in(3) ? some_time(5'000)
                                : std::chrono::nanoseconds::max();
    auto team = std::make_shared<planned_team>();
    team->dynamic = under != nullptr && one_in(4);
    team->strategy = static_cast<strategy>(below(3));
    team->restarts = {.at_most = one_in(6) ? 0 : 1 + below(8), .within = some_time(10'000)};
    if (team->dynamic) {
      if (one_in(3))
        team->max_children = 1 + below(3);
    } else {
      team->when_done = static_cast<auto_shutdown>(below(3));
      for (auto left = below(under == nullptr ? 6 : 5) + (under == nullptr); left != 0; --left)
        team->children.push_back(depth > 1 && one_in(3) ? supervisor(depth - 1, team.get())
                                                        : worker(team.get()));
    }
    plan.team = std::move(team);
    return plan;
  }

  /// A random time with a nanosecond part, so that two actions are rarely due at the same time.
  std::chrono::nanoseconds some_time(std::size_t at_most_ms) {
    return std::chrono::nanoseconds{1 + (below(at_most_ms) * 1'000 + below(1'000)) * 1'000
                                    + below(1'000)};
  }

private:
  planned_child child(char kind, const planned_team* under) {
    planned_child plan{.id = kind + std::to_string(++last_)};
    plan.restart = one_in(2) ? restart_policy::permanent : static_cast<restart_policy>(below(3));
    plan.significant = plan.restart != restart_policy::permanent && under != nullptr
                       && under->when_done != auto_shutdown::never && one_in(2);
    if (has_delays_ && one_in(3))
      plan.restart_delay = backoff_settings{.first = some_time(500),
                                            .longest = some_time(2'000),
                                            .at_once = below(3),
                                            .healthy_after = some_time(2'000)};
    if (one_in(8))
      plan.give_up_after = 1 + below(4);
    if (one_in(3))
      plan.healthy = healthy_when::reported;
    return plan;
  }

  init_outcome outcome(std::size_t rarely) {
    if (one_in(3))
      return init_outcome::succeeds_later;
    return one_in(rarely) ? static_cast<init_outcome>(below(6)) : init_outcome::succeeds;
  }

  std::mt19937 random_;
  bool has_delays_;
  int last_ = 0;
};

} // namespace ottla::test

#pragma once

#include "random_plans.hpp"
#include "real_tree.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

/// Applies random events and requests to one random tree, both in the model and in a real tree.
class walk {
public:
  walk(stage& on, std::uint32_t seed) : on_{on}, plans_{seed}, model_{plans_.tree()} {}
  ~walk() {
    for (auto& [id, process] : seen_)
      kill(process);
    on_.time.run();
    on_.log->processes.clear();
    on_.events->clear();
  }
  walk(const walk&) = delete;
  walk& operator=(const walk&) = delete;

  /// The first difference and all steps before it. nullopt if model and real tree agree.
  std::optional<std::string> run() {
    note("start");
    on_.happened();
    root_ = on_.watch(real(*model_.root().plan, on_));
    model_.start();
    auto wrong = compare();
    for (auto steps = 5 + plans_.below(35); steps != 0 && !wrong && !over(); --steps)
      wrong = step();
    if (!wrong && !over()) {
      note("stop root");
      wrong = act(
        model_.root().plan->id, [&] { model_.asked_to_end(model_.root().plan->id); },
        [&](const caf::actor& root) { request_exit(root, to_error(real(model_end::shutdown))); });
    }
    if (wrong)
      return fmt::format("{}\nplan:\n{}done:\n{}", *wrong, drawn_plan(), done_);
    return std::nullopt;
  }

private:
  bool over() const { return model_.end_of_root().has_value(); }
  void note(const std::string& what) { done_ += "  " + what + "\n"; }

  template <class All>
  auto pick(const All& all) {
    return all[plans_.below(all.size())];
  }

  std::optional<std::string> step() {
    const auto workers = model_.living_workers();
    const auto teams = model_.teams();
    switch (plans_.below(14)) {
      case 0:
      case 1:
      case 2:
      case 3: return workers.empty() ? std::nullopt : end_of(*pick(workers));
      case 4: return plans_.one_in(3) ? end_of(*pick(teams)) : let_time_pass();
      case 5:
      case 6: return let_time_pass();
      case 7:
      case 8: return workers.empty() ? std::nullopt : health_of(*pick(workers));
      default: return ask_something(*pick(teams));
    }
  }

  std::optional<std::string> end_of(const model_child& worker) {
    const auto id = worker.plan->id;
    const auto why = static_cast<model_end>(plans_.below(4));
    note(fmt::format("{} ends: {}", id, to_string(real(why))));
    return act(
      id, [&] { model_.ended(id, why); },
      [&](const caf::actor& process) {
        switch (why) {
          case model_end::normal:
          case model_end::shutdown: post(process, finish{real(why)}); break;
          case model_end::crashed: post(process, crash{"on purpose"}); break;
          case model_end::killed: kill(process); break;
        }
      });
  }

  std::optional<std::string> end_of(const model_team& team) {
    const auto id = team.self->plan->id;
    if (plans_.one_in(2)) {
      note(id + " is killed");
      return act(
        id, [&] { model_.ended(id, model_end::killed); },
        [](const caf::actor& process) { kill(process); });
    }
    note(id + " is asked to end");
    return act(
      id, [&] { model_.asked_to_end(id); },
      [](const caf::actor& process) { request_exit(process, to_error(exit_reason::shutdown())); });
  }

  std::optional<std::string> health_of(const model_child& worker) {
    const auto id = worker.plan->id;
    note(id + " is healthy");
    return act(
      id, [&] { model_.said_healthy(id); },
      [](const caf::actor& process) { post(process, be_healthy{}); });
  }

  /// Lets time pass. Compares both trees 1 ns before each restart is due, and when it is due.
  std::optional<std::string> let_time_pass() {
    auto left = plans_.some_time(4'000);
    note(fmt::format("{} ns pass", left.count()));
    while (!over()) {
      auto by = std::min(model_.next_due().value_or(left), left);
      // One nanosecond before the due time, no restart may have happened.
      if (by > std::chrono::nanoseconds{1})
        by -= std::chrono::nanoseconds{1};
      model_.let_time_pass(by);
      if (auto wrong = compare())
        return wrong;
      left -= by;
      if (left == left.zero())
        break;
    }
    return std::nullopt;
  }

  template <class Model, class Real>
  std::optional<std::string> act(const std::string& id, Model model, Real real) {
    real(seen_.at(id));
    model();
    return compare();
  }

  // In walk_calls.hpp.
  std::optional<std::string> ask_something(model_team& team);
  template <class Request>
  std::optional<std::string> ask_for(const model_team& team, const Request& request,
                                     supervision_errc expected);
  std::optional<std::string> start_one(model_team& team);
  std::optional<std::string> adopt_one(model_team& team);
  std::optional<std::string> by_id(model_team& team);
  std::optional<std::string> inspect(model_team& team);

  // In walk_compare.hpp.
  std::optional<std::string> compare();
  std::optional<std::string> follow_cues();
  std::optional<std::string> compare_tree();
  void remember(const tree_node& node, std::vector<caf::actor>& living);
  std::string drawn_plan() const;

  stage& on_;
  random_plans plans_;
  model_tree model_;
  std::shared_ptr<const sighting> root_;
  /// The last process of each id that the test has seen.
  std::map<std::string, caf::actor> seen_;
  std::vector<caf::actor> ever_seen_;
  std::string done_;
};

} // namespace ottla::test

#include "walk_calls.hpp"
#include "walk_compare.hpp"

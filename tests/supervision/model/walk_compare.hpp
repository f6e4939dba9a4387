#pragma once

#include "walk.hpp"

namespace ottla::test {

/// Lets the expected events happen, and checks that only these events have happened.
inline std::optional<std::string> walk::compare() {
  const auto expected = model_.take_course();
  if (auto wrong = follow_cues())
    return wrong;
  const auto lines = std::exchange(on_.log->lines, {});
  if (!expected.allows(lines))
    return fmt::format("happened: {}\nexpected: {}", fmt::join(lines, ", "), expected.text());
  return compare_tree();
}

inline std::optional<std::string> walk::follow_cues() {
  on_.time.run();
  for (const auto& cue : model_.take_cues()) {
    if (cue.what == model_tree::cue::kind::let_time_pass) {
      on_.time.advance(cue.time);
      continue;
    }
    if (!on_.process(cue.id))
      return cue.id + " is not being started";
    if (cue.what == model_tree::cue::kind::be_ready)
      on_.tell(cue.id, be_ready{});
    else
      on_.tell(cue.id, crash{"before it was ready"});
  }
  return std::nullopt;
}

inline std::optional<std::string> walk::compare_tree() {
  const auto& id = model_.root().plan->id;
  if (over() != root_->ended.has_value())
    return over() ? "the root lives" : "the root has ended: " + to_string(*root_->ended);
  std::vector<caf::actor> living;
  if (!over()) {
    auto tree = ask<tree_node>(on_, root_->process, describe_tree{}).answer;
    if (!tree)
      return "no answer to describe_tree";
    std::set<std::string> dynamic;
    for (const auto* team : model_.teams())
      if (team->plan->dynamic)
        dynamic.insert(team->self->plan->id);
    if (in_words(*tree, dynamic) != in_words(model_.root()))
      return "is:        " + in_words(*tree, dynamic) + "\nshould be: " + in_words(model_.root());
    remember(*tree, living);
  } else if (root_->answer->result == process_started::outcome::ok
             && root_->ended->what != real(*model_.end_of_root()).what) {
    return id + " ended: " + to_string(*root_->ended);
  }
  for (const auto* worker : model_.living_workers())
    if (const auto& name = worker->plan->name;
        !name.empty() && on_.names->whereis(name) != seen_.at(worker->plan->id))
      return "the name of " + worker->plan->id + " does not resolve to its process";
  // Every process that was in the tree or is in the journal must be dead if it is not in the tree
  // now.
  for (const auto& each : ever_seen_)
    if (is_alive(each) && std::ranges::find(living, each) == living.end())
      return "a process outlives its supervisor";
  ever_seen_ = std::move(living);
  for (const auto& [worker, address] : on_.log->processes)
    if (const auto process = caf::actor_cast<caf::actor>(address);
        is_alive(process) && std::ranges::find(ever_seen_, process) == ever_seen_.end())
      return worker + " lives outside of the tree";
  return std::nullopt;
}

inline void walk::remember(const tree_node& node, std::vector<caf::actor>& living) {
  if (node.process) {
    seen_[node.id] = node.process;
    living.push_back(node.process);
  }
  for (const auto& each : node.children)
    remember(each, living);
}

namespace detail {

inline void draw_plan(const planned_child& plan, const std::string& indent, std::string& into) {
  into += fmt::format("{}{} {}{}{}", indent, plan.id,
                      plan.restart == restart_policy::permanent   ? "permanent"
                      : plan.restart == restart_policy::transient ? "transient"
                                                                  : "temporary",
                      plan.significant ? " significant" : "", plan.deaf ? " deaf" : "");
  if (plan.restart_delay)
    into += fmt::format(" delay {}..{} ns, at_once {}, healthy_after {} ns",
                        plan.restart_delay->first.count(), plan.restart_delay->longest.count(),
                        plan.restart_delay->at_once, plan.restart_delay->healthy_after.count());
  if (plan.give_up_after != 0)
    into += fmt::format(" give_up_after {}", plan.give_up_after);
  if (plan.healthy == healthy_when::reported)
    into += " reported healthy";
  if (plan.patience != std::chrono::nanoseconds::max())
    into += fmt::format(" shutdown {} ns", plan.patience.count());
  for (const auto each : plan.inits)
    into += fmt::format(" {}", static_cast<int>(each));
  if (plan.team)
    into += fmt::format(" {} {} in {} ns, when_done {}",
                        plan.team->dynamic                             ? "dynamic"
                        : plan.team->strategy == strategy::one_for_one ? "one_for_one"
                        : plan.team->strategy == strategy::one_for_all ? "one_for_all"
                                                                       : "rest_for_one",
                        plan.team->restarts.at_most, plan.team->restarts.within.count(),
                        static_cast<int>(plan.team->when_done));
  into += '\n';
  if (plan.team)
    for (const auto& each : plan.team->children)
      draw_plan(each, indent + "  ", into);
}

} // namespace detail

inline std::string walk::drawn_plan() const {
  std::string result;
  detail::draw_plan(*const_cast<walk*>(this)->model_.root().plan, "  ", result);
  return result;
}

} // namespace ottla::test

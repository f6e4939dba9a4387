#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "../../support/tree.hpp"
#include "model_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Converts plans to real specs, and the state of the real tree to the words of the model.

namespace ottla::test {

inline init_does real(init_outcome outcome) {
  switch (outcome) {
    case init_outcome::succeeds: return init_does::succeed;
    case init_outcome::ignores: return init_does::ignore;
    case init_outcome::stops: return init_does::stop;
    case init_outcome::fails: return init_does::fail;
    case init_outcome::succeeds_later:
    case init_outcome::fails_later: return init_does::defer;
  }
  return init_does::succeed;
}

inline exit_reason real(model_end why) {
  switch (why) {
    case model_end::normal: return exit_reason::normal();
    case model_end::shutdown: return exit_reason::shutdown();
    case model_end::crashed: return exit_reason::crashed("on purpose");
    case model_end::killed: return exit_reason::killed();
  }
  return {};
}

inline child_spec real(const planned_child& plan, const stage& on);

inline child_spec real_supervisor(const planned_child& plan, const stage& on) {
  const auto& team = *plan.team;
  if (team.dynamic)
    return dynamic_supervisor_spec{
      .id = plan.id, .restarts = team.restarts, .max_children = team.max_children};
  supervisor_spec spec{.id = plan.id,
                       .strategy = team.strategy,
                       .restarts = team.restarts,
                       .when_done = team.when_done};
  for (const auto& each : team.children)
    spec.children.push_back(real(each, on));
  return spec;
}

inline child_spec real(const planned_child& plan, const stage& on) {
  child_spec spec{.id = plan.id};
  if (plan.team) {
    spec = real_supervisor(plan, on);
  } else {
    probe_plan what{.id = plan.id, .log = on.log, .deaf = plan.deaf};
    for (const auto each : plan.inits)
      what.inits->push_back(real(each));
    spec.start = ottla::start<probe>(what);
  }
  spec.restart = plan.restart;
  spec.shutdown = plan.patience == std::chrono::nanoseconds::max() ? shutdown_policy::infinity()
                                                                   : shutdown_policy{plan.patience};
  spec.significant = plan.significant;
  spec.name = plan.name;
  spec.restart_delay = plan.restart_delay;
  spec.give_up_after = plan.give_up_after;
  spec.healthy = plan.healthy;
  return spec;
}

/// Text of a supervisor's children, for the comparison of both trees. Children of a dynamic
/// supervisor are sorted, since they have no order.
inline std::string in_words(std::vector<std::string> children, bool dynamic) {
  if (dynamic)
    std::ranges::sort(children);
  std::string result;
  for (const auto& each : children)
    result += " " + each;
  return " [" + result + " ]";
}

inline std::string in_words(const model_child& child) {
  auto result = fmt::format("{} {} {}", child.plan->id, to_string(child.status), child.restarts);
  if (!child.team)
    return result;
  std::vector<std::string> children;
  for (const auto& each : child.team->children)
    children.push_back(in_words(each));
  return result + in_words(std::move(children), child.team->plan->dynamic);
}

inline std::string in_words(const tree_node& node, const std::set<std::string>& dynamic) {
  auto result = fmt::format("{} {} {}", node.id, to_string(node.status), node.restarts);
  if (node.type == child_type::worker || !node.process)
    return result;
  std::vector<std::string> children;
  for (const auto& each : node.children)
    children.push_back(in_words(each, dynamic));
  return result + in_words(std::move(children), dynamic.contains(node.id));
}

} // namespace ottla::test

#pragma once

#include "walk.hpp"

namespace ottla::test {

inline std::optional<std::string> walk::ask_something(model_team& team) {
  switch (plans_.below(8)) {
    case 0:
    case 1: return start_one(team);
    case 2: return adopt_one(team);
    case 3: return inspect(team);
    default: return by_id(team);
  }
}

/// Sends the request after the model has processed it, and compares answer and tree.
template <class Request>
std::optional<std::string> walk::ask_for(const model_team& team, const Request& request,
                                         supervision_errc expected) {
  const auto asked = ask_later<child_result>(on_, seen_.at(team.self->plan->id), request);
  if (auto wrong = compare())
    return wrong;
  if (!asked->answer)
    return "no answer";
  if (asked->answer->error != expected)
    return fmt::format("answered {} ({}), not {}", to_string(asked->answer->error),
                       asked->answer->text, to_string(expected));
  return std::nullopt;
}

inline std::optional<std::string> walk::start_one(model_team& team) {
  // Not in OTP: the start must wait until the group is up.
  if (team.waiting)
    return std::nullopt;
  auto plan = plans_.one_in(5) ? plans_.supervisor(1, team.plan) : plans_.worker(team.plan);
  if (plans_.one_in(10))
    plan.significant = true;
  if (!team.plan->dynamic && !team.children.empty() && plans_.one_in(5))
    plan.id = std::next(team.children.begin(), plans_.below(team.children.size()))->plan->id;
  else if (const auto workers = model_.living_workers();
           !plan.team && !workers.empty() && plans_.one_in(8))
    plan.name = pick(workers)->plan->name;
  note(
    fmt::format("{}: start {} {}", team.self->plan->id, plan.id, static_cast<int>(plan.restart)));
  const start_child request{real(plan, on_)};
  const auto* run = &team;
  const auto expected = model_.start_child(team, std::move(plan));
  return ask_for(*run, request, expected);
}

inline std::optional<std::string> walk::adopt_one(model_team& team) {
  auto plan = plans_.worker(team.plan);
  plan.inits.clear();
  if (plans_.one_in(10))
    plan.significant = true;
  const auto& id = team.self->plan->id;
  note(fmt::format("{}: adopt {} {}", id, plan.id, static_cast<int>(plan.restart)));
  const auto spec = std::make_shared<const child_spec>(real(plan, on_));
  auto process = spec->start({.system = on_.time.system(), .process = {}});
  on_.time.run();
  on_.happened();
  const auto adopted = plan.id;
  const auto expected = model_.adopt_child(team, std::move(plan));
  if (expected != supervision_errc::none)
    on_.log->processes.erase(adopted);
  auto wrong = ask_for(team, adopt_child{spec, process}, expected);
  if (expected != supervision_errc::none) {
    kill(process);
    on_.time.run();
    on_.happened();
  }
  return wrong;
}

inline std::optional<std::string> walk::by_id(model_team& team) {
  std::string id = "nobody";
  caf::actor process;
  if (!team.children.empty() && !plans_.one_in(10)) {
    const auto& child = *std::next(team.children.begin(), plans_.below(team.children.size()));
    id = child.plan->id;
    // The test knows no process of a child whose last start failed.
    if (team.plan->dynamic && child.was_up)
      process = seen_.at(id);
    else if (child.up() && plans_.one_in(2))
      process = seen_.at(id);
  }
  const auto& whose = team.self->plan->id;
  switch (plans_.below(4)) {
    case 0:
    case 1: {
      note(fmt::format("{}: terminate {}", whose, id));
      const auto expected = team.plan->dynamic && !process ? supervision_errc::simple_one_for_one
                                                           : model_.terminate_child(team, id);
      return ask_for(team, terminate_child{process ? "" : id, process}, expected);
    }
    case 2:
      note(fmt::format("{}: restart {}", whose, id));
      return ask_for(team, restart_child{id}, model_.restart_child(team, id));
    default:
      note(fmt::format("{}: delete {}", whose, id));
      return ask_for(team, delete_child{id}, model_.delete_child(team, id));
  }
}

/// Compares the answers to which_children, count_children and get_child_spec.
inline std::optional<std::string> walk::inspect(model_team& team) {
  const auto& whose = seen_.at(team.self->plan->id);
  std::vector<std::string> expected;
  child_counts counts{.specs = team.children.size()};
  for (const auto& each : team.children) {
    expected.push_back(fmt::format("{} {}", each.plan->id, to_string(each.status)));
    counts.active += each.up();
    ++(each.plan->team ? counts.supervisors : counts.workers);
    const auto spec
      = ask<child_spec_found>(on_, whose,
                              get_child_spec{each.up() ? "" : each.plan->id,
                                             each.up() ? seen_.at(each.plan->id) : caf::actor{}});
    if (!spec.answer)
      return "no answer to get_child_spec";
    if (team.plan->dynamic && !each.up()
          ? spec.answer->error != supervision_errc::simple_one_for_one
          : !*spec.answer || spec.answer->spec->id != each.plan->id)
      return "wrong answer to get_child_spec of " + each.plan->id;
  }
  std::vector<std::string> listed;
  const auto list = ask<child_list>(on_, whose, which_children{}).answer;
  const auto counted = ask<child_counts>(on_, whose, count_children{}).answer;
  if (!list || !counted)
    return "no answer to which_children or count_children";
  for (const auto& each : list->children)
    listed.push_back(fmt::format("{} {}", each.id, to_string(each.status)));
  if (in_words(listed, team.plan->dynamic) != in_words(expected, team.plan->dynamic))
    return "which_children: " + in_words(listed, true) + ", not " + in_words(expected, true);
  if (counted->specs != counts.specs || counted->active != counts.active
      || counted->supervisors != counts.supervisors || counted->workers != counts.workers)
    return fmt::format("count_children: {} {} {} {}", counted->specs, counted->active,
                       counted->supervisors, counted->workers);
  return std::nullopt;
}

} // namespace ottla::test

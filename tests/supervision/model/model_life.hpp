#pragma once

#include "model_tree.hpp"

#include <algorithm>
#include <utility>

// How children start and end.

namespace ottla::test {

inline model_tree::started model_tree::start(model_child& child, model_team* above) {
  const auto result = child.plan->team ? start_team(child, above) : start_worker(child);
  child.was_up = result == started::up;
  if (result == started::up) {
    child.status = child_status::up;
    child.up_since = now_;
  } else {
    child.status = child_status::down;
  }
  return result;
}

inline model_tree::started model_tree::start_worker(model_child& child) {
  const auto& id = child.plan->id;
  course_.then("start " + id);
  auto [found, first] = inits_.try_emplace(id, child.plan->inits);
  auto outcome = init_outcome::succeeds;
  if (auto& left = found->second; !left.empty()) {
    outcome = left.front();
    left.pop_front();
  }
  switch (outcome) {
    case init_outcome::succeeds: return started::up;
    case init_outcome::succeeds_later:
      cues_.push_back({.what = cue::kind::be_ready, .id = id});
      return started::up;
    case init_outcome::fails_later: cues_.push_back({.what = cue::kind::crash, .id = id}); break;
    case init_outcome::ignores:
    case init_outcome::stops:
    case init_outcome::fails: break;
  }
  course_.then("end " + id);
  return outcome == init_outcome::ignores ? started::ignored : started::failed;
}

/// Children start in the order of their specs, each after the init of the previous one. If a child
/// fails, the started children are terminated in reverse, and the supervisor's own start fails.
inline model_tree::started model_tree::start_team(model_child& child, model_team* above) {
  child.team = std::make_unique<model_team>();
  auto& team = *child.team;
  team.plan = child.plan->team.get();
  team.self = &child;
  team.above = above;
  for (const auto& each : team.plan->children)
    team.children.push_back({.plan = std::make_shared<const planned_child>(each)});
  for (auto each = team.children.begin(); each != team.children.end();) {
    const auto result = start(*each, &team);
    if (result == started::failed) {
      end_all(team);
      child.team.reset();
      return started::failed;
    }
    // A child that ignores its start is kept without a process. A temporary child is forgotten.
    if (result == started::ignored && each->temporary())
      each = team.children.erase(each);
    else
      ++each;
  }
  return started::up;
}

inline void model_tree::end(model_child& child) {
  pass(end(child, now_, never, course_));
}

inline void model_tree::end_all(model_team& of) {
  pass(end_all(of, now_, never, course_));
}

/// A supervisor ends a child. With brutal_kill the supervisor kills the child at once. Otherwise it
/// sends a shutdown request, and kills the child when the shutdown time has passed. Returns the
/// time of the child's end. Returns `never` if the child does not end before `limit`, the time at
/// which a supervisor higher up is killed.
inline model_tree::time model_tree::end(model_child& child, time from, time limit, course& into) {
  if (!child.up())
    return from;
  const auto patience = child.plan->patience;
  if (patience == time::zero()) {
    kill(child, into);
    return from;
  }
  const auto killed = patience == never ? never : from + patience;
  auto ended = from;
  if (child.team) {
    ended = end_all(*child.team, from, std::min(killed, limit), into);
    if (ended == never) {
      if (killed > limit)
        return never;
      kill(child, into);
      ended = killed;
    }
    child.team.reset();
  } else {
    if (child.plan->deaf) {
      into.then("deaf " + child.plan->id);
      if (killed > limit)
        return never;
      ended = killed;
    }
    into.then("end " + child.plan->id);
  }
  down(child, ended);
  return ended;
}

/// Children end one after the other, in the reverse order of their starts. The children of a
/// dynamic supervisor, OTP's simple_one_for_one, end together, in no order.
inline model_tree::time model_tree::end_all(model_team& of, time from, time limit, course& into) {
  auto latest = from;
  if (!of.plan->dynamic) {
    for (auto each = of.children.rbegin(); each != of.children.rend() && latest != never; ++each)
      latest = end(*each, latest, limit, into);
    return latest;
  }
  std::vector<course> sides;
  for (auto& each : of.children)
    latest = std::max(latest, end(each, from, limit, sides.emplace_back()));
  into.then_side_by_side(std::move(sides));
  return latest;
}

/// All children end with their killed supervisor, in no specified order.
inline void model_tree::kill(model_child& child, course& into) {
  if (!child.up())
    return;
  if (child.team) {
    std::vector<course> sides;
    for (auto& each : child.team->children)
      kill(each, sides.emplace_back());
    into.then_side_by_side(std::move(sides));
    child.team.reset();
  } else {
    into.then("end " + child.plan->id);
  }
  down(child, now_);
}

inline void model_tree::down(model_child& child, time at) {
  child.status = child_status::down;
  child.reported_healthy = false;
  if (child.plan->healthy == healthy_when::reported)
    return;
  // A child that ran for healthy_after was healthy, however it ended.
  const auto healthy = child.plan->restart_delay.value_or(backoff_settings{}).healthy_after;
  if (at - child.up_since >= healthy)
    child.failures = 0;
}

inline void model_tree::pass(time until) {
  if (until > now_)
    cues_.push_back({.what = cue::kind::let_time_pass, .time = until - now_});
  now_ = until;
}

inline model_child* model_team::find(const std::string& id) {
  const auto found = std::ranges::find(children, id, [](auto& each) { return each.plan->id; });
  return found == children.end() ? nullptr : &*found;
}

inline void model_team::forget(const model_child& gone) {
  std::erase_if(children, [&](const model_child& each) { return &each == &gone; });
}

} // namespace ottla::test

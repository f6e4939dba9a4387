#pragma once

#include "model_tree.hpp"

#include <algorithm>
#include <utility>

// Requests to a tree, and other events in the tree.

namespace ottla::test {

inline model_tree::model_tree(planned_child root)
  : root_{.plan = std::make_shared<const planned_child>(std::move(root))} {}

inline void model_tree::start() {
  if (start(root_, nullptr) != started::up)
    end_of_root_ = model_end::crashed;
}

inline void model_tree::ended(const std::string& id, model_end why) {
  model_team* above = nullptr;
  auto& child = *find(id, above);
  kill(child, course_);
  finished(child, above, why);
}

inline void model_tree::asked_to_end(const std::string& id) {
  model_team* above = nullptr;
  finish(*find(id, above)->team);
}

/// Not in OTP. Resets a child's failures when the child reports that it is healthy. A supervisor
/// with healthy_when::reported reports when all its running children with healthy_when::reported
/// have reported in this run.
inline void model_tree::said_healthy(const std::string& id) {
  model_team* above = nullptr;
  auto& child = *find(id, above);
  heard_healthy(child, above);
}

inline void model_tree::heard_healthy(model_child& child, model_team* above) {
  if (above == nullptr || child.reported_healthy || child.plan->healthy != healthy_when::reported)
    return;
  child.reported_healthy = true;
  child.failures = 0;
  for (const auto& each : above->children)
    if (each.plan->healthy == healthy_when::reported && each.status != child_status::down
        && !each.reported_healthy)
      return;
  heard_healthy(*above->self, above->above);
}

/// Not in OTP: the time until the next delayed restart is due.
inline std::optional<std::chrono::nanoseconds> model_tree::next_due() const {
  auto next = never;
  for (auto* team : const_cast<model_tree*>(this)->teams()) {
    if (team->waiting)
      next = std::min(next, team->waiting->due);
    else
      for (const auto& each : team->children)
        if (each.status == child_status::restarting)
          next = std::min(next, each.due);
  }
  return next == never ? std::nullopt : std::optional{next - now_};
}

inline void model_tree::let_time_pass(time by) {
  pass(now_ + by);
  for (auto* team : teams()) {
    model_child* due = nullptr;
    if (!team->waiting)
      for (auto& each : team->children)
        if (each.status == child_status::restarting && each.due <= now_)
          due = &each;
    if (due != nullptr)
      return restart(*team, *due);
    if (team->waiting && team->waiting->due <= now_) {
      if (auto* failed = start_group(*team); failed != nullptr && may_restart(*team, *failed))
        restart(*team, *failed);
      return;
    }
  }
}

/// A significant child needs a supervisor with auto_shutdown, and cannot be permanent.
inline supervision_errc model_tree::wrong_with(const model_team& of,
                                               const planned_child& what) const {
  const bool wrong
    = what.significant
      && (what.restart == restart_policy::permanent || of.plan->when_done == auto_shutdown::never);
  return wrong ? supervision_errc::bad_spec : supervision_errc::none;
}

/// Returns none if the team can take the child.
inline supervision_errc model_tree::refusal_of(model_team& of, const planned_child& what) const {
  if (const auto wrong = wrong_with(of, what); wrong != supervision_errc::none)
    return wrong;
  if (of.plan->dynamic && of.children.size() >= of.plan->max_children)
    return supervision_errc::max_children;
  if (const auto* there = of.plan->dynamic ? nullptr : of.find(what.id))
    return there->up() ? supervision_errc::already_started : supervision_errc::already_present;
  return supervision_errc::none;
}

/// A child whose init fails is not kept. A child that ignores its start is kept without a process,
/// unless the child is temporary or the supervisor is dynamic.
inline supervision_errc model_tree::start_child(model_team& of, planned_child what) {
  if (const auto refusal = refusal_of(of, what); refusal != supervision_errc::none)
    return refusal;
  // Not in OTP: the child's process finds its name taken, and ends before its init.
  if (!what.name.empty())
    for (const auto* other : living_workers())
      if (other->plan->name == what.name) {
        course_.then("end " + what.id);
        return supervision_errc::already_started;
      }
  auto& child = of.children.emplace_back(
    model_child{.plan = std::make_shared<const planned_child>(std::move(what))});
  const auto result = start(child, &of);
  if (result == started::failed
      || (result == started::ignored && (child.temporary() || of.plan->dynamic)))
    of.forget(child);
  return result == started::failed ? supervision_errc::start_failed : supervision_errc::none;
}

/// Ends a running child, or cancels its pending restart. The spec stays, unless the child is
/// temporary or the supervisor is dynamic.
inline supervision_errc model_tree::terminate_child(model_team& of, const std::string& id) {
  auto* child = of.find(id);
  if (child == nullptr)
    return supervision_errc::not_found;
  if (of.waiting) {
    std::erase(of.waiting->members, child);
    // Not in OTP: if the group waits because of this child, the whole group stays down.
    if (of.waiting->cause == child) {
      for (auto* each : of.waiting->members)
        give_up_restart(*each);
      of.waiting.reset();
    }
  }
  if (child->status == child_status::restarting)
    give_up_restart(*child);
  end(*child);
  if (child->temporary() || of.plan->dynamic)
    of.forget(*child);
  return supervision_errc::none;
}

inline void model_tree::give_up_restart(model_child& child) {
  child.status = child_status::down;
  child.due = {};
}

inline supervision_errc model_tree::restart_child(model_team& of, const std::string& id) {
  if (of.plan->dynamic)
    return supervision_errc::simple_one_for_one;
  auto* child = of.find(id);
  if (child == nullptr)
    return supervision_errc::not_found;
  if (child->status != child_status::down)
    return child->up() ? supervision_errc::running : supervision_errc::restarting;
  return start(*child, &of) == started::failed ? supervision_errc::start_failed
                                               : supervision_errc::none;
}

inline supervision_errc model_tree::delete_child(model_team& of, const std::string& id) {
  if (of.plan->dynamic)
    return supervision_errc::simple_one_for_one;
  const auto* child = of.find(id);
  if (child == nullptr)
    return supervision_errc::not_found;
  if (child->status != child_status::down)
    return child->up() ? supervision_errc::running : supervision_errc::restarting;
  of.forget(*child);
  return supervision_errc::none;
}

/// Not in OTP. Answers like start_child, for a process that already runs.
inline supervision_errc model_tree::adopt_child(model_team& of, planned_child what) {
  if (const auto refusal = refusal_of(of, what); refusal != supervision_errc::none)
    return refusal;
  auto& child = of.children.emplace_back(
    model_child{.plan = std::make_shared<const planned_child>(std::move(what))});
  child.status = child_status::up;
  child.was_up = true;
  child.up_since = now_;
  return supervision_errc::none;
}

namespace detail {

template <class Visit>
void visit_teams(model_child& child, Visit visit) {
  if (!child.team)
    return;
  visit(*child.team);
  for (auto& each : child.team->children)
    visit_teams(each, visit);
}

} // namespace detail

inline std::vector<model_team*> model_tree::teams() {
  std::vector<model_team*> result;
  detail::visit_teams(root_, [&](model_team& team) { result.push_back(&team); });
  return result;
}

inline std::vector<model_child*> model_tree::living_workers() {
  std::vector<model_child*> result;
  for (auto* team : teams())
    for (auto& each : team->children)
      if (each.up() && !each.team)
        result.push_back(&each);
  return result;
}

inline model_child* model_tree::find(const std::string& id, model_team*& above) {
  if (root_.plan->id == id)
    return &root_;
  for (auto* team : teams())
    if (auto* child = team->find(id)) {
      above = team;
      return child;
    }
  return nullptr;
}

} // namespace ottla::test

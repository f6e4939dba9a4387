#pragma once

#include "model_tree.hpp"

#include <algorithm>
#include <utility>

// The reaction of a supervisor to a child that has ended by itself.

namespace ottla::test {

/// A permanent child is always restarted. A transient child is not restarted after normal or
/// shutdown. A temporary child is never restarted, and is forgotten. The end of a child that is not
/// restarted may end the supervisor, see auto_shutdown.
inline void model_tree::handle_end(model_team& of, model_child& gone, model_end why) {
  const auto policy = gone.plan->restart;
  const bool orderly = why == model_end::normal || why == model_end::shutdown;
  if (policy == restart_policy::permanent || (policy == restart_policy::transient && !orderly)) {
    if (may_restart(of, gone))
      restart(of, gone);
    return;
  }
  const bool significant = gone.plan->significant;
  if (gone.temporary() || of.plan->dynamic)
    of.forget(gone);
  if (shuts_down_after(of, significant))
    finish(of);
}

/// A failed restart counts as a failure of the child that could not be started.
inline void model_tree::restart(model_team& of, model_child& failed) {
  auto* next = try_again(of, failed);
  while (next != nullptr && may_restart(of, *next))
    next = try_again(of, *next);
}

/// With more than at_most restarts within the period, the supervisor ends. Not in OTP: the
/// supervisor also ends when the child has failed give_up_after times in a row.
inline bool model_tree::may_restart(model_team& of, model_child& failed) {
  of.restarts.push_back(now_);
  const auto& limit = of.plan->restarts;
  const auto recent
    = std::ranges::count_if(of.restarts, [&](time at) { return now_ - at <= limit.within; });
  const auto& plan = *failed.plan;
  ++failed.failures;
  const bool too_often = plan.give_up_after != 0 && failed.failures >= plan.give_up_after;
  if (static_cast<std::size_t>(recent) > limit.at_most || too_often) {
    finish(of);
    return false;
  }
  failed.status = child_status::restarting;
  failed.due = now_;
  if (const auto& delay = plan.restart_delay; delay && failed.failures > delay->at_once) {
    std::chrono::nanoseconds wait = delay->first;
    for (auto failure = delay->at_once + 1; failure < failed.failures; ++failure)
      wait = std::min<std::chrono::nanoseconds>(wait * 2, delay->longest);
    failed.due += std::min<std::chrono::nanoseconds>(wait, delay->longest);
  }
  return true;
}

/// Restarts the failed child, or its group, if the restart is due. Returns the child whose start
/// failed, or null.
inline model_child* model_tree::try_again(model_team& of, model_child& failed) {
  if (!of.plan->dynamic && of.plan->strategy != strategy::one_for_one) {
    gather(of, failed);
    return of.waiting->due > now_ ? nullptr : start_group(of);
  }
  if (failed.due > now_)
    return nullptr;
  return start_again(failed, of);
}

inline model_child* model_tree::start_again(model_child& child, model_team& of) {
  ++child.restarts;
  switch (start(child, &of)) {
    case started::up: break;
    // The child is kept without a process. A dynamic supervisor forgets it.
    case started::ignored:
      if (of.plan->dynamic)
        of.forget(child);
      break;
    case started::failed: return &child;
  }
  return nullptr;
}

/// With one_for_all, the group has all children. With rest_for_one, the group has the failed child
/// and all children started after it. The members end in reverse order, and temporary members are
/// forgotten, before any member starts.
inline void model_tree::gather(model_team& of, model_child& failed) {
  auto first = of.children.begin();
  if (of.plan->strategy == strategy::rest_for_one)
    while (&*first != &failed)
      ++first;
  model_team::waiting_group group{.cause = &failed, .due = failed.due};
  std::vector<model_child*> concerned;
  for (auto each = first; each != of.children.end(); ++each)
    concerned.push_back(&*each);
  for (auto at = concerned.rbegin(); at != concerned.rend(); ++at) {
    auto* const each = *at;
    if (each->status == child_status::restarting)
      group.due = std::max(group.due, each->due);
    end(*each);
  }
  // Not in OTP: a child that fails after the members of a waiting group joins that group.
  if (of.waiting && std::ranges::find(concerned, of.waiting->cause) == concerned.end()) {
    group.due = std::max(group.due, of.waiting->due);
    group.cause = of.waiting->cause;
    group.members = std::move(of.waiting->members);
    std::erase_if(group.members, [&](auto* each) {
      return std::ranges::find(concerned, each) != concerned.end();
    });
  }
  for (auto* each : concerned) {
    if (each->temporary()) {
      of.forget(*each);
    } else {
      each->status = child_status::restarting;
      group.members.push_back(each);
    }
  }
  of.waiting = std::move(group);
}

/// Starts the group in the order of the first starts, including children that were down. If a child
/// fails to start, the children after it wait until it has started.
inline model_child* model_tree::start_group(model_team& of) {
  const auto members = std::exchange(of.waiting, std::nullopt)->members;
  for (auto* each : members)
    if (auto* failed = start_again(*each, of))
      return failed;
  return nullptr;
}

/// With any_significant, the first significant child that ends by itself ends the supervisor. With
/// all_significant, the last one does. A child that waits for its restart has not ended.
inline bool model_tree::shuts_down_after(const model_team& of, bool significant) const {
  if (!significant || of.plan->when_done == auto_shutdown::never)
    return false;
  return of.plan->when_done == auto_shutdown::any_significant
         || std::ranges::none_of(of.children, [](const model_child& other) {
              return other.plan->significant && other.status != child_status::down;
            });
}

/// All children of the supervisor end in order. Then the supervisor ends with shutdown, and the
/// supervisor above handles that end.
inline void model_tree::finish(model_team& of) {
  auto& self = *of.self;
  auto* above = of.above;
  end_all(of);
  self.team.reset();
  down(self, now_);
  finished(self, above, model_end::shutdown);
}

inline void model_tree::finished(model_child& child, model_team* above, model_end why) {
  if (above == nullptr)
    end_of_root_ = why;
  else
    handle_end(*above, child, why);
}

} // namespace ottla::test

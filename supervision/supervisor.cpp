#include <ottla/supervision/supervisor.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ottla {

supervisor::supervisor(caf::actor_config& config, process_context context, supervisor_spec spec)
  : parent{config, std::move(context)}, spec_{std::move(spec)}, window_{spec_.restarts} {}

caf::behavior supervisor::set_up() {
  if (const auto wrong = validate(spec_); !wrong.empty())
    throw std::invalid_argument{fmt::format("{}", fmt::join(wrong, "; "))};
  defer_start();
  plan_.emplace();
  for (auto& child : spec_.children) {
    plan_->start.push_back(child.id);
    children_.push_back({.spec = std::move(child)});
  }
  spec_.children.clear();
  auto handlers = watch_children();
  cast(this, self(), detail::carry_on{});
  return handlers.or_else([this](detail::carry_on) { advance(); });
}

void supervisor::shutdown(const exit_reason& why) {
  stop_all(why);
}

void supervisor::launched(key which) {
  if (auto* child = find(which); child != nullptr && child->status == child_status::starting)
    child->status = child_status::up;
  advance();
}

void supervisor::launch_ignored(key which) {
  if (auto* child = find(which)) {
    child->running.reset();
    child->status = child_status::down;
    forget_if_temporary(child->spec.id);
  }
  advance();
}

void supervisor::launch_failed(key which, const std::string& why) {
  auto* child = find(which);
  if (child == nullptr)
    return;
  child->running.reset();
  child->status = child_status::down;
  child->last_end = exit_reason::crashed(why);
  const auto id = child->spec.id;
  if (!stop_reason_) {
    tell(process_event::kind::start_failed, id, child->last_end);
    if (starting_) {
      stop_all(exit_reason::shutdown(fmt::format("failed to start child \"{}\": {}", id, why)));
      return;
    }
    plan_.reset();
    if (child->spec.restart == restart_policy::temporary)
      forget_if_temporary(id);
    else if (count_restart(*child, exit_reason::crashed(why))) {
      child->status = child_status::restarting;
      failed_.push_front(id);
    } else
      return;
  }
  // Through the mailbox: a shutdown must get in between two tries.
  cast(this, self(), detail::carry_on{});
}

void supervisor::ended(key which, const exit_reason& why) {
  auto* child = find(which);
  if (child == nullptr)
    return;
  const bool asked = child->status == child_status::ending;
  child->running.reset();
  child->status = child_status::down;
  child->last_end = why;
  if (stop_reason_ || asked) {
    advance();
    return;
  }
  tell(process_event::kind::ended, child->spec.id, why, window_.count());
  // The plan in hand was about to stop it, and starts it again.
  if (plan_ && std::ranges::find(plan_->stop, child->spec.id) != plan_->stop.end()) {
    advance();
    return;
  }
  const bool again = child->spec.restart == restart_policy::permanent
                     || (child->spec.restart == restart_policy::transient && !why.orderly());
  if (again) {
    if (!count_restart(*child, why))
      return;
    child->status = child_status::restarting;
    failed_.push_back(child->spec.id);
  } else {
    if (shuts_down_after(*child)) {
      stop_all(exit_reason::shutdown());
      return;
    }
    forget_if_temporary(child->spec.id);
  }
  advance();
}

std::vector<tree_node> supervisor::rows() const {
  std::vector<tree_node> result;
  for (const auto& child : children_)
    result.push_back({.id = child.spec.id,
                      .type = child.spec.type,
                      .status = child.status,
                      .restarts = child.restarts,
                      .process = child.running ? process_of(*child.running) : caf::actor{}});
  return result;
}

void supervisor::terminated() {
  parent::terminated();
  // A timer may hold this process for a while, but not what its children's start functions hold.
  children_.clear();
}

void supervisor::advance() {
  if (stop_reason_) {
    advance_stop();
    return;
  }
  const auto waits = [](const child& one) {
    return one.status == child_status::starting || one.status == child_status::ending;
  };
  while (!std::ranges::any_of(children_, waits)) {
    if (!plan_) {
      if (failed_.empty())
        return;
      const auto id = std::move(failed_.front());
      failed_.pop_front();
      restart(id);
    } else if (!plan_->stop.empty()) {
      auto* next = find(plan_->stop.front());
      plan_->stop.erase(plan_->stop.begin());
      if (next != nullptr && next->running) {
        next->status = child_status::ending;
        end(*next->running);
      }
    } else if (!plan_->start.empty()) {
      start_next();
    } else {
      plan_.reset();
      if (std::exchange(starting_, false))
        start_done();
    }
  }
}

void supervisor::start_next() {
  auto* next = find(plan_->start.front());
  plan_->start.erase(plan_->start.begin());
  if (next == nullptr || next->running)
    return;
  if (!starting_) {
    // OTP forgets a temporary child that a sibling's crash took along.
    if (next->spec.restart == restart_policy::temporary) {
      forget_if_temporary(next->spec.id);
      return;
    }
    ++next->restarts;
    tell(process_event::kind::restarting, next->spec.id, next->last_end, window_.count());
  }
  next->status = child_status::starting;
  next->running = bring_up(next->spec);
}

bool supervisor::count_restart(const child& failed, const exit_reason& why) {
  if (window_.add(now().time_since_epoch()))
    return true;
  tell(process_event::kind::gave_up, failed.spec.id, why, window_.count());
  stop_all(exit_reason::shutdown(fmt::format(
    "more than {} restarts within {} ms, the last of child \"{}\": {}", spec_.restarts.at_most,
    spec_.restarts.within / std::chrono::milliseconds{1}, failed.spec.id, to_string(why))));
  return false;
}

void supervisor::restart(const std::string& id) {
  const auto* failed = find(id);
  if (failed == nullptr || failed->running)
    return;
  std::vector<std::string> ids;
  for (const auto& child : children_)
    ids.push_back(child.spec.id);
  plan_ = plan_restart(spec_.strategy, ids, id);
  for (auto& child : children_)
    if (child.status == child_status::down
        && std::ranges::find(plan_->start, child.spec.id) != plan_->start.end())
      child.status = child_status::restarting;
  // One that failed too and is started by this plan needs no plan of its own.
  std::erase_if(failed_, [&](const std::string& other) {
    return std::ranges::find(plan_->start, other) != plan_->start.end();
  });
}

void supervisor::stop_all(exit_reason why) {
  if (stop_reason_)
    return;
  stop_reason_ = std::move(why);
  plan_.reset();
  failed_.clear();
  advance_stop();
}

void supervisor::advance_stop() {
  // In reverse, each after the one started later is gone; one still starting is the last there is.
  for (auto child = children_.rbegin(); child != children_.rend(); ++child) {
    if (!child->running)
      continue;
    child->status = child_status::ending;
    end(*child->running);
    return;
  }
  stop(*stop_reason_);
}

void supervisor::forget_if_temporary(const std::string& gone) {
  // A copy: it may be a member of what is erased.
  std::erase_if(children_, [id = gone](const child& one) {
    return one.spec.id == id && one.spec.restart == restart_policy::temporary;
  });
}

bool supervisor::shuts_down_after(const child& gone) const {
  if (!gone.spec.significant || spec_.when_done == auto_shutdown::never)
    return false;
  if (spec_.when_done == auto_shutdown::any_significant)
    return true;
  return std::ranges::none_of(children_, [&](const child& other) {
    return &other != &gone && other.spec.significant
           && (other.running || other.status == child_status::restarting);
  });
}

supervisor::child* supervisor::find(key which) {
  const auto found
    = std::ranges::find_if(children_, [&](const child& one) { return one.running == which; });
  return found == children_.end() ? nullptr : &*found;
}

supervisor::child* supervisor::find(const std::string& id) {
  const auto found
    = std::ranges::find_if(children_, [&](const child& one) { return one.spec.id == id; });
  return found == children_.end() ? nullptr : &*found;
}

} // namespace ottla

#include <ottla/supervision/detail/kind_of_end.hpp>
#include <ottla/supervision/supervisor.hpp>
#include <ottla/supervision/tree_context.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace ottla {

namespace {

using decision = process_event::decision;

} // namespace

supervisor::supervisor(caf::actor_config& config, process_context context, supervisor_spec spec)
  : parent{config, std::move(context)}, spec_{std::move(spec)}, judge_{spec_.restarts} {}

caf::behavior supervisor::set_up() {
  if (const auto wrong = validate(spec_); !wrong.empty())
    throw std::invalid_argument{fmt::format("{}", fmt::join(wrong, "; "))};
  defer_start();
  plan_ = steps{};
  for (auto& child : spec_.children) {
    plan_->left.start.push_back(child.id);
    children_.add(make_row(std::make_shared<const child_spec>(std::move(child))));
  }
  spec_.children = {};
  cast(this, self(), detail::carry_on{});
  return watch_children(caf::message_handler{[this](detail::carry_on) { advance(); }}
                          .or_else(requests())
                          .or_else(further_handlers()));
}

void supervisor::shutdown(const exit_reason& why) {
  stop_all(why);
}

void supervisor::terminated() {
  for (const auto& [which, child] : children().all())
    if (child.calls) {
      child.calls->tell_starter({supervision_errc::shutting_down, "the supervisor has ended"});
      child.calls->tell_terminators();
    }
  for (auto& call : queued_)
    if (call.promise.pending())
      call.promise.deliver(
        child_result{supervision_errc::shutting_down, "the supervisor has ended", {}});
  parent::terminated();
  // A timer may keep this process in memory for a while, but must not keep its start functions.
  queued_.clear();
  children_.clear();
}

std::vector<tree_node> supervisor::rows() const {
  std::vector<tree_node> result;
  for (const auto& row : children_) {
    const auto run = children().all().find(row.running);
    result.push_back(
      {.id = row.id(),
       .type = row.spec->type,
       .status = row.status,
       .restarts = row.restarts,
       .process = run == children().all().end() ? caf::actor{} : run->second.process});
  }
  return result;
}

void supervisor::launched(supervised& child) {
  auto& row = row_of(child);
  if (row.status == child_status::starting)
    row.status = child_status::up;
  if (row.delays)
    row.delays->started(time());
  row.started_by = child_row::cause::supervisor;
  if (child.calls)
    child.calls->tell_starter({.process = child.process});
  if (child.key == starting_)
    starting_ = 0;
  advance();
}

void supervisor::launch_ignored(supervised gone) {
  auto& row = row_of(gone);
  put_down(row, gone);
  row.started_by = child_row::cause::supervisor;
  tell(process_event::kind::ignored, *gone.label);
  if (gone.calls)
    gone.calls->tell_starter({});
  forget_if_temporary(row);
  advance();
}

void supervisor::launch_failed(supervised gone, const child_result& why) {
  auto& row = row_of(gone);
  const bool asked = put_down(row, gone);
  row.last_end = exit_reason::crashed(why.text);
  const auto cause = std::exchange(row.started_by, child_row::cause::supervisor);
  if (cause != child_row::cause::supervisor) {
    // A failed start is reported to its requester; only a restart is retried.
    const bool kept = cause == child_row::cause::restart_child;
    tell(process_event::kind::start_failed, *gone.label, row.last_end,
         kept ? decision::keep_down : decision::forget);
    if (gone.calls)
      gone.calls->tell_starter(why);
    if (!kept)
      children_.erase(row);
  } else if (asked || stop_reason_) {
    forget_if_temporary(row);
  } else if (first_start_) {
    tell(process_event::kind::start_failed, *gone.label, row.last_end, decision::shut_down);
    stop_all(
      exit_reason::shutdown(fmt::format("failed to start child \"{}\": {}", row.id(), why.text)));
    return;
  } else {
    plan_.reset();
    look_into(row, process_event::kind::start_failed, row.last_end);
  }
  // Through the mailbox, so that a shutdown can come between two tries.
  cast(this, self(), detail::carry_on{});
}

void supervisor::ended(supervised gone, const exit_reason& why) {
  auto& row = row_of(gone);
  const bool asked = put_down(row, gone);
  row.last_end = why;
  if (asked || stop_reason_) {
    tell(detail::kind_of_end(gone, why), *gone.label, why);
    forget_if_temporary(row);
  } else if (first_start_) {
    early_ends_.emplace_back(row.id(), why);
  } else {
    look_into(row, process_event::kind::ended, why);
  }
  advance();
}

void supervisor::told_healthy(supervised& child) {
  if (const auto& delays = row_of(child).delays)
    delays->told_healthy();
}

bool supervisor::all_told() const {
  bool any = false;
  for (const auto& row : children_) {
    // A child that is down has nothing to do, so it has nothing to tell.
    if (row.spec->healthy != healthy_when::told || row.status == child_status::down)
      continue;
    const auto run = children().all().find(row.running);
    if (run == children().all().end() || !run->second.is_healthy)
      return false;
    any = true;
  }
  return any;
}

void supervisor::woken() {
  while (!delayed_.empty() && delayed_.begin()->first <= time()) {
    failed_.push_back(delayed_.begin()->second);
    delayed_.erase(delayed_.begin());
  }
  if (!delayed_.empty())
    wake_at(delayed_.begin()->first);
  advance();
}

void supervisor::advance() {
  if (stop_reason_) {
    advance_stop();
    return;
  }
  while (!busy() && !stop_reason_) {
    if (plan_ && !plan_->left.stop.empty()) {
      stop_next();
    } else if (!failed_.empty() && !first_start_) {
      const auto id = std::move(failed_.front());
      failed_.pop_front();
      restart(id);
    } else if (plan_) {
      if (!start_next())
        return;
    } else if (!queued_.empty()) {
      run_queued_call();
    } else {
      return;
    }
  }
}

void supervisor::stop_next() {
  auto& left = plan_->left.stop;
  auto* row = children_.find(left.front());
  left.erase(left.begin());
  auto* child = row == nullptr ? nullptr : find(row->running);
  if (child == nullptr)
    return;
  row->status = child_status::ending;
  stopping_ = child->key;
  end(*child);
}

bool supervisor::start_next() {
  auto& left = plan_->left.start;
  if (left.empty()) {
    plan_.reset();
    if (std::exchange(first_start_, false))
      first_start_done();
    return true;
  }
  if (plan_->not_before > time()) {
    wake_at(plan_->not_before);
    return false;
  }
  auto* row = children_.find(left.front());
  left.erase(left.begin());
  if (row != nullptr && row->running == 0)
    bring_up(*row);
  return true;
}

void supervisor::bring_up(child_row& row, caf::response_promise starter) {
  if (!first_start_ && row.started_by == child_row::cause::supervisor) {
    ++row.restarts;
    tell(process_event::kind::restarting, *row.label, row.last_end, decision::none, {},
         judge_.count());
  }
  row.status = child_status::starting;
  auto& child = parent::bring_up({.spec = row.spec, .label = row.label});
  row.running = child.key;
  starting_ = child.key;
  if (starter.pending()) {
    child.calls = std::make_unique<supervised::open_calls>();
    child.calls->starter = std::move(starter);
  }
}

void supervisor::first_start_done() {
  start_done();
  for (const auto& [id, why] : std::exchange(early_ends_, {}))
    if (auto* row = children_.find(id); row != nullptr && row->running == 0 && !stop_reason_)
      look_into(*row, process_event::kind::ended, why);
}

void supervisor::run_queued_call() {
  auto call = std::move(queued_.front());
  queued_.pop_front();
  call.serve(call.promise);
}

void supervisor::look_into(child_row& row, process_event::kind what, const exit_reason& why) {
  // The current plan was about to stop this child, and starts it again.
  if (plan_ && std::ranges::find(plan_->left.stop, row.id()) != plan_->left.stop.end()) {
    tell(what, *row.label, why, decision::restart, {}, judge_.count());
    row.status = child_status::restarting;
    forget_if_temporary(row);
    return;
  }
  const auto verdict = judge(row, why);
  tell(what, *row.label, why, verdict.then, verdict.delay, judge_.count());
  carry_out(row, why, verdict);
}

restart_judge::verdict supervisor::judge(child_row& row, const exit_reason& why) {
  const auto verdict = judge_.judge(*row.spec, row.delays.get(), why, time());
  if (verdict.then != decision::none)
    return verdict;
  if (shuts_down_after(row))
    return {decision::shut_down};
  return {row.temporary() ? decision::forget : decision::keep_down};
}

void supervisor::carry_out(child_row& row, const exit_reason& why,
                           const restart_judge::verdict& what) {
  switch (what.then) {
    case decision::none:
    case decision::keep_down: break;
    case decision::forget: children_.erase(row); break;
    case decision::shut_down: stop_all(exit_reason::shutdown()); break;
    case decision::give_up: give_up(row, why); break;
    case decision::restart:
    case decision::wait:
      row.status = child_status::restarting;
      row.not_before = what.then == decision::wait ? saturating_add(time(), what.delay) : time();
      if (what.then == decision::wait && spec_.strategy == strategy::one_for_one) {
        delayed_.emplace(row.not_before, row.id());
        wake_at(row.not_before);
      } else {
        failed_.push_back(row.id());
      }
      break;
  }
}

void supervisor::give_up(const child_row& row, const exit_reason& why) {
  tell(process_event::kind::gave_up, *row.label, why, decision::give_up, {}, judge_.count());
  stop_all(exit_reason::shutdown(judge_.why_given_up(*row.spec, row.delays.get(), why)));
}

void supervisor::restart(const std::string& id) {
  auto* failed = children_.find(id);
  if (failed == nullptr || failed->running != 0 || failed->status != child_status::restarting)
    return;
  if (spec_.strategy == strategy::one_for_one) {
    bring_up(*failed);
    return;
  }
  const auto waiting = std::exchange(
    plan_, steps{.left = plan_restart(spec_.strategy, children_.ids(), id), .cause = id});
  auto& members = plan_->left.start;
  std::erase_if(members,
                [&](const std::string& each) { return children_.find(each)->temporary(); });
  for (const auto& each : members) {
    auto& row = *children_.find(each);
    if (row.status == child_status::restarting)
      plan_->not_before = std::max(plan_->not_before, row.not_before);
    else if (row.status == child_status::down)
      row.status = child_status::restarting;
  }
  if (waiting)
    join(*waiting);
  // A failed child that this plan starts needs no plan of its own.
  std::erase_if(failed_, [&](const std::string& other) {
    return std::ranges::find(members, other) != members.end();
  });
}

void supervisor::join(const steps& waiting) {
  auto& members = plan_->left.start;
  std::vector<std::string> before;
  std::ranges::copy_if(waiting.left.start, std::back_inserter(before), [&](const auto& each) {
    return std::ranges::find(members, each) == members.end();
  });
  if (before.empty())
    return;
  members.insert(members.begin(), before.begin(), before.end());
  plan_->not_before = std::max(plan_->not_before, waiting.not_before);
  plan_->cause = waiting.cause;
}

void supervisor::stop_all(exit_reason why) {
  if (stop_reason_)
    return;
  stop_reason_ = std::move(why);
  // If the root stops by itself, that is a stop of the application, too.
  if (auto* tree = context().tree.get();
      tree != nullptr && tree->root == id() && !tree->stop.has_begun())
    tree->stop.begin(time(), tree->stop_within);
  const bool is_root = context().label && context().label->above == nullptr;
  if (is_root && context().tree)
    context().tree->kills.tree_ends();
  plan_.reset();
  failed_.clear();
  delayed_.clear();
  while (!queued_.empty())
    run_queued_call();
  advance_stop();
}

void supervisor::advance_stop() {
  // In reverse order: each child ends after those started later are gone.
  while (!children_.empty()) {
    auto& last = children_.back();
    if (auto* child = find(last.running)) {
      last.status = child_status::ending;
      end(*child);
      return;
    }
    children_.erase(last);
  }
  stop(*stop_reason_);
}

bool supervisor::shuts_down_after(const child_row& gone) const {
  if (!gone.spec->significant || spec_.when_done == auto_shutdown::never)
    return false;
  if (spec_.when_done == auto_shutdown::any_significant)
    return true;
  return std::ranges::none_of(children_, [&](const child_row& other) {
    return &other != &gone && other.spec->significant
           && (other.running != 0 || other.status == child_status::restarting);
  });
}

child_row& supervisor::row_of(const supervised& child) {
  return *children_.find(child.spec->id);
}

bool supervisor::put_down(child_row& row, const supervised& gone) {
  const bool asked = row.status == child_status::ending;
  row.running = 0;
  row.status = child_status::down;
  if (row.delays)
    row.delays->stopped(time());
  if (gone.key == starting_)
    starting_ = 0;
  if (gone.key == stopping_)
    stopping_ = 0;
  if (gone.calls)
    gone.calls->tell_terminators();
  // A member of a group that is stopped for a restart waits for its start.
  if (plan_ && asked && std::ranges::find(plan_->left.start, row.id()) != plan_->left.start.end())
    row.status = child_status::restarting;
  return asked;
}

void supervisor::forget_if_temporary(child_row& row) {
  if (row.temporary())
    children_.erase(row);
}

} // namespace ottla

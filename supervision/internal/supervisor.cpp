#include <ottla/supervision/internal/kind_of_end.hpp>
#include <ottla/supervision/internal/supervisor.hpp>
#include <ottla/supervision/internal/supervisor_messages.hpp>
#include <ottla/supervision/internal/tree_context.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ottla {

namespace {

using decision = process_event::decision;

} // namespace

supervisor::supervisor(caf::actor_config& config, process_context context, supervisor_spec spec)
  : parent{config, std::move(context)},
    spec_{std::move(spec)},
    decider_{spec_.restarts},
    queue_{spec_.strategy} {}

caf::behavior supervisor::set_up() {
  if (const auto wrong = validate(spec_); !wrong.empty())
    throw std::invalid_argument{fmt::format("{}", fmt::join(wrong, "; "))};
  defer_start();
  for (auto& child : spec_.children)
    children_.add(make_row(std::make_shared<const child_spec>(std::move(child))));
  spec_.children = {};
  queue_.begin(children_.ids());
  cast(this, self(), detail::next_step{});
  return watch_children(caf::message_handler{[this](detail::next_step) { advance(); }}
                          .or_else(requests())
                          .or_else(further_handlers()));
}

// -- from the end of a child to its restart

void supervisor::ended(std::shared_ptr<child_row> gone, const exit_reason& why) {
  auto& child = *gone;
  const auto run = close_run(child);
  child.last_end = why;
  handle_end(child, detail::kind_of_end(run, why), run.is_ending);
  advance();
}

void supervisor::launch_failed(std::shared_ptr<child_row> gone, const child_result& why) {
  auto& child = *gone;
  auto run = close_run(child);
  child.last_end = exit_reason::crashed(why.text);
  if (child.started_by != child_row::cause::supervisor) {
    answer_failed_start(child, run, why);
  } else {
    // handle_end() queues the child again, which plans a new group.
    if (!run.is_ending)
      queue_.drop_group();
    handle_end(child, process_event::kind::start_failed, run.is_ending);
  }
  // The next step goes through the mailbox, so that a shutdown can come between two tries.
  cast(this, self(), detail::next_step{});
}

void supervisor::answer_failed_start(child_row& child, child_run& run, const child_result& why) {
  const auto cause = std::exchange(child.started_by, child_row::cause::supervisor);
  const bool kept = cause == child_row::cause::restart_child;
  report(process_event::kind::start_failed, *child.label, child.last_end,
         kept ? decision::keep_down : decision::forget);
  run.answer_starter(why);
  if (!kept)
    children_.erase(child);
}

child_run supervisor::close_run(child_row& child) {
  auto run = std::exchange(child.run, {});
  if (child.delays)
    child.delays->stopped(time());
  if (&child == starting_)
    starting_ = nullptr;
  if (&child == stopping_)
    stopping_ = nullptr;
  run.answer_terminators();
  // A member that was stopped for the restart of its group now waits for its start.
  if (run.is_ending)
    queue_.member_stopped(child.id());
  return run;
}

void supervisor::handle_end(child_row& child, process_event::kind what, bool was_ending) {
  const bool start_failed = what == process_event::kind::start_failed;
  if (was_ending || stop_reason_) {
    // The supervisor ends the start itself, so observers see no failure.
    if (!start_failed)
      report(what, *child.label, child.last_end);
    forget_if_temporary(child);
  } else if (first_start_ && start_failed) {
    fail_first_start(child);
  } else if (first_start_) {
    early_ends_.push_back(&child);
  } else if (queue_.will_stop(child.id())) {
    report(what, *child.label, child.last_end, decision::restart, {}, decider_.count());
    queue_.member_stopped(child.id());
    forget_if_temporary(child);
  } else {
    auto choice = decide(child);
    report(what, *child.label, child.last_end, choice.then, choice.delay, decider_.count());
    carry_out(child, std::move(choice));
  }
}

void supervisor::fail_first_start(const child_row& child) {
  report(process_event::kind::start_failed, *child.label, child.last_end, decision::shut_down);
  stop_all(exit_reason::shutdown(
    fmt::format("failed to start child \"{}\": {}", child.id(), child.last_end.text)));
}

restart_decider::choice supervisor::decide(child_row& child) {
  if (auto choice = decider_.decide(*child.spec, child.delays.get(), child.last_end, time()))
    return *std::move(choice);
  if (shuts_down_after(child))
    return {.then = decision::shut_down};
  return {.then = child.is_temporary() ? decision::forget : decision::keep_down};
}

bool supervisor::shuts_down_after(const child_row& gone) const {
  if (!gone.spec->significant || spec_.when_done == auto_shutdown::never)
    return false;
  if (spec_.when_done == auto_shutdown::any_significant)
    return true;
  return std::ranges::none_of(children_, [&](const child_row& other) {
    return &other != &gone && other.spec->significant
           && (other.is_running() || queue_.waits(other.id()));
  });
}

void supervisor::carry_out(child_row& child, restart_decider::choice what) {
  switch (what.then) {
    case decision::none:
    case decision::keep_down: break;
    case decision::forget: children_.erase(child); break;
    case decision::shut_down: stop_all(exit_reason::shutdown()); break;
    case decision::give_up: give_up(child, std::move(what.why_given_up)); break;
    case decision::restart:
    case decision::wait:
      queue_.restart(child.id(), time(), what.delay);
      if (const auto next = queue_.wake_time())
        wake_at(*next);
      break;
  }
}

void supervisor::forget_if_temporary(child_row& child) {
  if (child.is_temporary())
    children_.erase(child);
}

void supervisor::woken() {
  queue_.wake(time());
  if (const auto next = queue_.wake_time())
    wake_at(*next);
  advance();
}

// -- the steps of starts and restarts

void supervisor::advance() {
  if (stop_reason_) {
    advance_stop();
    return;
  }
  while (!busy() && !stop_reason_) {
    const auto next = queue_.next(time());
    switch (next.what) {
      case restart_queue::action::stop: stop_member(children_.find(next.id)); break;
      case restart_queue::action::start: start_member(children_.find(next.id)); break;
      case restart_queue::action::plan: queue_.plan(next.id, members()); break;
      case restart_queue::action::wait: wake_at(next.until); return;
      case restart_queue::action::done:
        if (std::exchange(first_start_, false))
          first_start_done();
        break;
      case restart_queue::action::idle:
        if (queued_.empty())
          return;
        run_queued_call();
        break;
    }
  }
}

std::vector<restart_queue::member> supervisor::members() const {
  std::vector<restart_queue::member> result;
  result.reserve(children_.size());
  for (const auto& child : children_)
    result.push_back({child.id(), child.is_temporary(), child.is_running()});
  return result;
}

void supervisor::stop_member(child_row* child) {
  if (child == nullptr || !child->is_running())
    return;
  stopping_ = child;
  end(*child);
}

void supervisor::start_member(child_row* child) {
  if (child != nullptr && !child->is_running())
    launch_row(*child);
}

void supervisor::launch_row(child_row& child, caf::response_promise starter) {
  if (!first_start_ && child.started_by == child_row::cause::supervisor) {
    ++child.restarts;
    report(process_event::kind::restarting, *child.label, child.last_end, decision::none, {},
           decider_.count());
  }
  queue_.child_started(child.id());
  starting_ = &parent::launch_child(children_.share(child), std::move(starter));
}

void supervisor::launched(child_row& child) {
  if (child.delays)
    child.delays->started(time());
  child.started_by = child_row::cause::supervisor;
  child.run.answer_starter({.process = child.run.process});
  if (&child == starting_)
    starting_ = nullptr;
  advance();
}

void supervisor::launch_ignored(std::shared_ptr<child_row> gone) {
  auto& child = *gone;
  auto run = close_run(child);
  child.started_by = child_row::cause::supervisor;
  report(process_event::kind::ignored, *child.label);
  run.answer_starter({});
  forget_if_temporary(child);
  advance();
}

void supervisor::first_start_done() {
  start_done();
  for (auto* child : std::exchange(early_ends_, {}))
    // handle_end may begin a stop, which erases children.
    if (!stop_reason_ && !child->is_running())
      handle_end(*child, process_event::kind::ended);
}

void supervisor::run_queued_call() {
  auto call = std::move(queued_.front());
  queued_.pop_front();
  call.serve(call.promise);
}

// -- the end of the supervisor

void supervisor::give_up(const child_row& child, std::string why) {
  report(process_event::kind::gave_up, *child.label, child.last_end, decision::give_up, {},
         decider_.count());
  stop_all(exit_reason::shutdown(std::move(why)));
}

void supervisor::stop_all(exit_reason why) {
  if (stop_reason_)
    return;
  stop_reason_ = std::move(why);
  // If the root stops by itself, a stop of the application begins.
  if (auto* tree = tree_of(context())) {
    if (tree->root == id() && !tree->stop.has_begun())
      tree->stop.begin(time(), tree->stop_within);
    if (context().label && context().label->above == nullptr)
      tree->kills.tree_ends();
  }
  queue_.abandon();
  // The queued requests are refused now, because stop_reason_ is set. in_turn() refuses later
  // requests.
  while (!queued_.empty())
    run_queued_call();
  advance_stop();
}

void supervisor::advance_stop() {
  // In reverse order: each child ends after all children started later have ended.
  while (!children_.empty()) {
    auto& last = children_.back();
    if (last.is_running()) {
      end(last);
      return;
    }
    children_.erase(last);
  }
  stop(*stop_reason_);
}

void supervisor::shutdown(const exit_reason& why) {
  stop_all(why);
}

void supervisor::terminated() {
  for (const auto& [which, child] : children().all()) {
    child->run.answer_starter({supervision_errc::shutting_down, "the supervisor has ended"});
    child->run.answer_terminators();
  }
  for (auto& call : queued_)
    if (call.promise.pending())
      call.promise.deliver(
        child_result{supervision_errc::shutting_down, "the supervisor has ended", {}});
  parent::terminated();
  // A timer may keep this process in memory, so release its start functions now.
  queued_.clear();
  children_.clear();
}

// -- reports

std::vector<tree_node> supervisor::rows() const {
  std::vector<tree_node> result;
  for (const auto& child : children_)
    result.push_back({.id = child.id(),
                      .type = child.spec->type,
                      .status = status_of(child),
                      .restarts = child.restarts,
                      .process = child.run.process});
  return result;
}

child_status supervisor::status_of(const child_row& child) const {
  return child.status(queue_.waits(child.id()));
}

void supervisor::reported_healthy(child_row& child) {
  if (child.delays)
    child.delays->reported_healthy();
}

bool supervisor::all_reported() const {
  bool any = false;
  for (const auto& child : children_) {
    // A child that is down has no work, so it need not report.
    if (child.spec->healthy != healthy_when::reported || status_of(child) == child_status::down)
      continue;
    if (!child.run.is_healthy)
      return false;
    any = true;
  }
  return any;
}

} // namespace ottla

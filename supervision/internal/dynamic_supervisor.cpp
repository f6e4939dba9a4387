#include <ottla/supervision/internal/dynamic_supervisor.hpp>
#include <ottla/supervision/internal/kind_of_end.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ottla {

namespace {

using decision = process_event::decision;

const child_result by_process_only{supervision_errc::simple_one_for_one,
                                   "a dynamic supervisor identifies children by process, not by id",
                                   {}};
const child_result shutting_down{
  supervision_errc::shutting_down, "the supervisor is shutting down", {}};

std::vector<std::string> with_significance_fault(std::vector<std::string> wrong,
                                                 const child_spec& spec) {
  if (spec.significant)
    wrong.push_back(
      fmt::format("child \"{}\": must not be significant under a dynamic supervisor", spec.id));
  return wrong;
}

} // namespace

dynamic_supervisor::dynamic_supervisor(caf::actor_config& config, process_context context,
                                       dynamic_supervisor_spec spec)
  : parent{config, std::move(context)}, spec_{std::move(spec)}, decider_{spec_.restarts} {}

caf::behavior dynamic_supervisor::set_up() {
  if (const auto wrong = validate(spec_); !wrong.empty())
    throw std::invalid_argument{fmt::format("{}", fmt::join(wrong, "; "))};
  return watch_children({[this](const start_child& request) { return start(request); },
                         [this](const terminate_child& request) { return terminate(request); },
                         [this](const adopt_child& request) { return adopt(request); },
                         [](const restart_child&) { return by_process_only; },
                         [](const delete_child&) { return by_process_only; },
                         [this](const get_child_spec& request) { return find_spec(request); },
                         [this](which_children) { return list(); },
                         [this](count_children) { return count(); }});
}

// The life of a child.

caf::result<child_result> dynamic_supervisor::start(const start_child& request) {
  if (!request.spec)
    return child_result{supervision_errc::bad_spec, "the request has no spec", {}};
  // Many requests may share one spec, so the spec of the last request is not validated again.
  const bool known = request.spec == last_spec_.lock();
  if (auto why = refusal(known ? std::vector<std::string>{}
                               : with_significance_fault(validate(*request.spec), *request.spec)))
    return *why;
  if (!known) {
    last_spec_ = request.spec;
    last_label_ = label_of(*request.spec);
  }
  launch_child(std::make_shared<child_row>(child_row{.spec = request.spec,
                                                     .label = last_label_,
                                                     .started_by = child_row::cause::start_child}),
               make_response_promise());
  return caf::delegated<child_result>{};
}

std::optional<child_result>
dynamic_supervisor::refusal(const std::vector<std::string>& wrong) const {
  if (stop_reason_)
    return shutting_down;
  if (!wrong.empty())
    return child_result{supervision_errc::bad_spec, fmt::format("{}", fmt::join(wrong, "; ")), {}};
  if (size() < spec_.max_children)
    return std::nullopt;
  if (const auto there = count().specs; there >= spec_.max_children)
    return child_result{
      supervision_errc::max_children, fmt::format("max_children reached: {} children", there), {}};
  return std::nullopt;
}

void dynamic_supervisor::launched(child_row& child) {
  if (child.delays)
    child.delays->started(time());
  child.started_by = child_row::cause::supervisor;
  child.run.answer_starter({.process = child.run.process});
  // Frees the answered calls, since a supervisor may have very many children.
  if (child.run.calls && child.run.calls->terminators.empty())
    child.run.calls.reset();
}

void dynamic_supervisor::launch_ignored(std::shared_ptr<child_row> gone) {
  report(process_event::kind::ignored, *gone->label, {}, decision::forget);
  gone->run.answer_starter({});
  complete_end(*gone);
}

void dynamic_supervisor::launch_failed(std::shared_ptr<child_row> gone, const child_result& why) {
  const auto reason = exit_reason::crashed(why.text);
  // Only a restart is retried. The requester of another start gets the error.
  const bool is_restart = gone->started_by == child_row::cause::supervisor;
  if (is_restart && !gone->run.is_ending && !stop_reason_) {
    handle_end(std::move(gone), process_event::kind::start_failed, reason);
    return;
  }
  report(process_event::kind::start_failed, *gone->label, reason, decision::forget);
  gone->run.answer_starter(why);
  complete_end(*gone);
}

void dynamic_supervisor::ended(std::shared_ptr<child_row> gone, const exit_reason& why) {
  if (gone->run.is_ending || stop_reason_) {
    report(detail::kind_of_end(gone->run, why), *gone->label, why, decision::forget);
    complete_end(*gone);
    return;
  }
  handle_end(std::move(gone), process_event::kind::ended, why);
}

void dynamic_supervisor::handle_end(std::shared_ptr<child_row> gone, process_event::kind what,
                                    const exit_reason& why) {
  auto& row = *gone;
  row.last_end = why;
  if (!row.delays)
    row.delays = delays_of(*row.spec, *row.label);
  auto choice = decider_.decide(*row.spec, row.delays.get(), why, time())
                  .value_or(restart_decider::choice{.then = decision::forget});
  report(what, *row.label, why, choice.then, choice.delay, decider_.count());
  switch (choice.then) {
    case decision::restart: restart(std::move(gone)); break;
    case decision::wait: put_off(std::move(gone), choice.delay); break;
    case decision::give_up:
      report(process_event::kind::gave_up, *row.label, why, choice.then, {}, decider_.count());
      stop_all(exit_reason::shutdown(std::move(choice.why_given_up)));
      break;
    default: complete_end(row);
  }
}

void dynamic_supervisor::restart(std::shared_ptr<child_row> gone) {
  report(process_event::kind::restarting, *gone->label, gone->last_end, decision::none, {},
         decider_.count());
  ++gone->restarts;
  launch_child(std::move(gone));
}

void dynamic_supervisor::put_off(std::shared_ptr<child_row> gone, std::chrono::nanoseconds delay) {
  const auto due = saturating_add(time(), delay);
  const auto last_run = std::exchange(gone->run, {}).key;
  waiting_.emplace(pending_restart{due, last_run}, std::move(gone));
  wake_at(due);
}

void dynamic_supervisor::woken() {
  while (!waiting_.empty() && waiting_.begin()->first.due <= time()) {
    auto due = waiting_.extract(waiting_.begin());
    restart(std::move(due.mapped()));
  }
  if (!waiting_.empty())
    wake_at(waiting_.begin()->first.due);
}

void dynamic_supervisor::complete_end(child_row& gone) {
  gone.run.answer_terminators();
  stop_if_last();
}

// The end of the supervisor.

void dynamic_supervisor::stop_all(exit_reason why) {
  if (stop_reason_)
    return;
  stop_reason_ = std::move(why);
  waiting_.clear();
  for (const auto which : children().keys())
    if (auto* child = find(which))
      end(*child);
  stop_if_last();
}

void dynamic_supervisor::stop_if_last() {
  if (stop_reason_ && children().size() == 0)
    stop(*stop_reason_);
}

void dynamic_supervisor::shutdown(const exit_reason& why) {
  stop_all(why);
}

void dynamic_supervisor::terminated() {
  for (const auto& [which, child] : children().all()) {
    child->run.answer_starter(shutting_down);
    child->run.answer_terminators();
  }
  parent::terminated();
  // A timer may keep this process in memory, so release its start functions now.
  waiting_.clear();
  last_spec_.reset();
}

// Other requests.

child_result dynamic_supervisor::adopt(const adopt_child& request) {
  if (!request.spec)
    return {supervision_errc::bad_spec, "the request has no spec", {}};
  if (auto why = refusal(with_significance_fault(validate_adopted(*request.spec), *request.spec)))
    return *why;
  if (find_living(request.process) != nullptr)
    return {supervision_errc::already_started, "the process is already a child of this supervisor",
            request.process};
  auto label = label_of(*request.spec);
  if (auto refused = claim_for(*label, request.process); !refused)
    return refused;
  parent::adopt(
    std::make_shared<child_row>(child_row{.spec = request.spec, .label = std::move(label)}),
    request.process);
  return {.process = request.process};
}

caf::result<child_result> dynamic_supervisor::terminate(const terminate_child& request) {
  if (!request.process)
    return request.id.empty()
             ? child_result{supervision_errc::not_found, "the request names no process", {}}
             : by_process_only;
  const auto waits = std::ranges::find_if(
    waiting_, [&](const auto& one) { return one.first.last_run == request.process.id(); });
  if (waits != waiting_.end()) {
    waiting_.erase(waits);
    return child_result{};
  }
  auto* child = find_living(request.process);
  if (child == nullptr)
    return child_result{
      supervision_errc::not_found, "the process is not a child of this supervisor", {}};
  auto promise = make_response_promise();
  child->run.make_calls().terminators.push_back(promise);
  end(*child);
  return promise;
}

child_spec_found dynamic_supervisor::find_spec(const get_child_spec& request) {
  if (!request.process && !request.id.empty())
    return {supervision_errc::simple_one_for_one, nullptr};
  const auto* child = find_living(request.process);
  return child == nullptr ? child_spec_found{supervision_errc::not_found, nullptr}
                          : child_spec_found{supervision_errc::none, child->spec};
}

child_list dynamic_supervisor::list() const {
  child_list result;
  for (auto& row : rows())
    result.children.push_back({std::move(row.id), row.status, std::move(row.process), row.type});
  return result;
}

child_counts dynamic_supervisor::count() const {
  child_counts result;
  const auto add = [&](const child_spec& spec) {
    ++(spec.type == child_type::supervisor ? result.supervisors : result.workers);
  };
  for (const auto& [which, child] : children().all())
    if (!child->run.is_orphan())
      add(*child->spec);
  for (const auto& [when, child] : waiting_)
    add(*child->spec);
  result.specs = result.supervisors + result.workers;
  result.active = result.specs - waiting_.size();
  return result;
}

// Reports.

std::vector<tree_node> dynamic_supervisor::rows() const {
  // Sorted by key, which is the order of the starts.
  std::map<key, tree_node> result;
  const auto add = [&](key which, const child_row& child) {
    // Children that stay down are forgotten, so a child without a process waits for its restart.
    const bool waits = !child.is_running();
    result[which] = {.id = child.label->id,
                     .type = child.spec->type,
                     .status = child.status(waits),
                     .restarts = child.restarts,
                     .process = child.run.process};
  };
  for (const auto& [which, child] : children().all())
    if (!child->run.is_orphan())
      add(which, *child);
  for (const auto& [when, child] : waiting_)
    add(when.last_run, *child);
  std::vector<tree_node> in_order;
  in_order.reserve(result.size());
  for (auto& [which, row] : result)
    in_order.push_back(std::move(row));
  return in_order;
}

void dynamic_supervisor::reported_healthy(child_row& child) {
  if (child.delays)
    child.delays->reported_healthy();
}

bool dynamic_supervisor::all_reported() const {
  const auto must_report
    = [](const auto& one) { return one.second->spec->healthy == healthy_when::reported; };
  const auto has_not_reported = [&](const auto& one) {
    const auto& run = one.second->run;
    return must_report(one) && !run.is_healthy && !run.is_orphan();
  };
  return std::ranges::any_of(children().all(), must_report)
         && std::ranges::none_of(children().all(), has_not_reported)
         && std::ranges::none_of(waiting_, must_report);
}

} // namespace ottla

#include <ottla/actors/call.hpp>
#include <ottla/supervision/internal/process_manager.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace ottla {

namespace {

const child_result manager_ends{
  supervision_errc::shutting_down, "the process manager is shutting down", {}};

/// Runs the initializer in its init. Reports the children to its starter, or fails to start.
class initializer_call : public process {
public:
  initializer_call(caf::actor_config& config, process_context context,
                   std::function<found_children()> function)
    : process{config, std::move(context)}, function_{std::move(function)} {}

private:
  caf::behavior set_up() override {
    auto found = function_();
    if (!found) {
      const auto& why = found.error();
      throw std::runtime_error{why.what == exit_reason::kind::crashed ? why.text : to_string(why)};
    }
    cast(this, context().starter,
         detail::children_found{std::make_shared<std::vector<child_spec>>(std::move(*found))});
    ignore_start();
    return {};
  }

  void terminated() override { function_ = nullptr; }

  std::function<found_children()> function_;
};

} // namespace

process_manager::process_manager(caf::actor_config& config, process_context context,
                                 process_manager_spec spec,
                                 std::shared_ptr<managed_children> memory)
  : parent{config, std::move(context)}, spec_{std::move(spec)}, memory_{std::move(memory)} {}

caf::behavior process_manager::set_up() {
  if (const auto wrong = validate(spec_); !wrong.empty())
    throw std::invalid_argument{fmt::format("{}", fmt::join(wrong, "; "))};
  if (!context().names)
    throw std::invalid_argument{
      fmt::format("process manager \"{}\": started without a directory, so it cannot find \"{}\"",
                  spec_.id, spec_.supervisor)};
  for (auto& each : std::exchange(spec_.children, {}))
    memory_->add(std::make_shared<const child_spec>(std::move(each)));
  is_initialized_ = !spec_.initializer;
  if (spec_.initializer) {
    // The function has no state to save, so a kill needs no request before it.
    initializer_ = std::make_shared<const child_spec>(
      child_spec{.id = "initializer",
                 .start = ottla::start<initializer_call>(std::exchange(spec_.initializer, {})),
                 .restart = restart_policy::temporary,
                 .shutdown = shutdown_policy::brutal_kill(),
                 .run_as = execution::detached,
                 .start_timeout = spec_.initializer_timeout});
    cast(this, self(), detail::call_initializer{});
  }
  cast(this, self(), detail::find_supervisor{});
  return watch_children(
    {[this](const start_child& request) { return start(request); },
     [this](const terminate_child& request) { return terminate(request); },
     [this](await_ready) -> caf::result<void> {
       auto promise = make_response_promise();
       awaiting_ready_.push_back(promise);
       answer_if_ready();
       return promise;
     },
     [this](const detail::children_found& found) {
       // A fenced initializer that returns late is no child any more.
       if (find_living(caf::actor_cast<caf::actor>(current_sender())) != nullptr)
         found_ = found.children;
     },
     [this](const process_down& down) {
       if (down.monitor == monitor_)
         detach();
     },
     [this](detail::call_initializer) { call_initializer(); },
     [this](detail::find_supervisor) { find_supervisor(); },
     [this](detail::start_missing) {
       retry_is_set_ = false;
       start_missing();
     },
     [this](const detail::continue_termination& step) { continue_termination(step.number); }});
}

void process_manager::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  stop_reason_ = why;
  if (children().size() == 0)
    stop(why);
  for (const auto which : children().keys())
    if (auto* child = find(which))
      end(*child);
}

void process_manager::terminated() {
  for (auto& [what, promise] : requests_)
    promise.deliver(manager_ends);
  for (auto& [number, one] : terminations_)
    one.second.deliver(manager_ends);
  for (auto& promise : awaiting_ready_)
    promise.deliver(to_failure(exit_reason::crashed(manager_ends.text)));
  parent::terminated();
  // A timer may keep this process in memory, so release what the program owns now.
  requests_.clear();
  terminations_.clear();
  awaiting_ready_.clear();
  spec_ = {};
  memory_.reset();
  initializer_.reset();
  found_.reset();
  supervisor_ = {};
}

std::vector<tree_node> process_manager::rows() const {
  std::vector<tree_node> result;
  for (const auto& [which, child] : children().all())
    if (!child->run.is_orphan())
      result.push_back({.id = child->label->id,
                        .type = child->spec->type,
                        .status = child->status(false),
                        .process = child->run.process});
  return result;
}

// The initializer.

void process_manager::call_initializer() {
  if (stop_reason_)
    return;
  found_ = std::make_shared<std::vector<child_spec>>();
  launch_child(std::make_shared<child_row>(child_row{.spec = initializer_}));
}

void process_manager::launch_ignored(std::shared_ptr<child_row>) {
  if (stop_reason_) {
    stop(*stop_reason_);
    return;
  }
  const auto found = std::exchange(found_, nullptr);
  for (auto& each : *found)
    memory_->add(std::make_shared<const child_spec>(std::move(each)));
  is_initialized_ = true;
  cast_after(this, spec_.poll, detail::call_initializer{});
  start_missing();
  answer_if_ready();
}

void process_manager::launch_failed(std::shared_ptr<child_row> gone, const child_result& why) {
  if (stop_reason_) {
    stop(*stop_reason_);
    return;
  }
  report_failed_start(*gone->label, why.text);
  cast_after(this, spec_.retry_after, detail::call_initializer{});
}

// The dynamic supervisor.

template <class Answer, class Request, class Then>
void process_manager::ask_supervisor(Request request, Then then) {
  call<Answer>(
    this, supervisor_, infinity, std::move(request),
    [this, then = std::move(then), asked = attachment_](const call_result<Answer>& answer) mutable {
      if (asked != attachment_ || stop_reason_)
        return;
      if (answer)
        then(*answer);
      else if (is_alive(supervisor_))
        // No DOWN follows, so the manager would wait forever.
        stop(exit_reason::crashed(fmt::format("\"{}\" is no dynamic supervisor: {}",
                                              spec_.supervisor, to_string(answer.error()))));
      else
        is_attached_ = false;
    });
}

void process_manager::find_supervisor() {
  if (stop_reason_ || supervisor_)
    return;
  supervisor_ = whereis(spec_.supervisor);
  if (!supervisor_) {
    cast_after(this, next_look_, detail::find_supervisor{});
    next_look_ = std::min(2 * next_look_, longest_look);
    return;
  }
  next_look_ = first_look;
  ++attachment_;
  monitor_ = ottla::monitor(this, supervisor_);
  ask_supervisor<child_list>(which_children{},
                             [this](const child_list& present) { attach(present); });
}

void process_manager::attach(const child_list& present) {
  std::vector<spec_ptr> unanswered;
  std::set<std::string> ids;
  for (const auto& each : present.children)
    ids.insert(each.id);
  memory_->attach({context().tree, supervisor_.id()}, ids);
  is_attached_ = true;
  start_missing();
  // Requests whose question the former supervisor did not answer.
  for (auto each = requests_.begin(); each != requests_.end();
       each = requests_.upper_bound(each->first))
    if (!memory_->has(each->first))
      unanswered.push_back(each->first);
  for (const auto& each : unanswered)
    start_again(each);
  for (const auto& [number, one] : terminations_)
    cast(this, self(), detail::continue_termination{number});
  answer_if_ready();
}

void process_manager::detach() {
  ++attachment_;
  is_attached_ = false;
  starting_ = 0;
  supervisor_ = {};
  find_supervisor();
}

// Starts.

caf::result<child_result> process_manager::start(const start_child& request) {
  using state = managed_children::state;
  if (!request.spec)
    return child_result{supervision_errc::bad_spec, "the request has no spec", {}};
  if (stop_reason_)
    return manager_ends;
  const auto& what = request.spec;
  switch (memory_->state_of(what->id)) {
    case state::startable:
    case state::starting:
      return child_result{
        supervision_errc::already_present,
        fmt::format("child \"{}\": the process manager already starts it", what->id),
        {}};
    case state::started: {
      auto promise = make_response_promise();
      requests_.emplace(what, promise);
      start_again(what);
      return promise;
    }
    default: break;
  }
  auto promise = make_response_promise();
  requests_.emplace(what, promise);
  memory_->replace(what);
  start_missing();
  return promise;
}

void process_manager::start_again(const spec_ptr& what) {
  const auto already = [](supervision_errc error, const std::string& id, caf::actor holder) {
    return child_result{error, fmt::format("child \"{}\": already started", id), std::move(holder)};
  };
  if (!is_attached_) {
    answer_requests(what, already(supervision_errc::already_present, what->id, {}));
    return;
  }
  ask_supervisor<child_list>(which_children{}, [this, what, already](const child_list& present) {
    const auto row = std::ranges::find(present.children, what->id, &child_list::row::id);
    if (row == present.children.end()) {
      memory_->replace(what);
      start_missing();
      return;
    }
    answer_requests(what, already(row->process ? supervision_errc::already_started
                                               : supervision_errc::already_present,
                                  what->id, row->process));
  });
}

void process_manager::start_missing() {
  if (!is_attached_ || stop_reason_)
    return;
  for (const auto& what : memory_->take_startable()) {
    ++starting_;
    ask_supervisor<child_result>(start_child{what}, [this, what](const child_result& outcome) {
      --starting_;
      start_answered(what, outcome);
      answer_if_ready();
    });
  }
}

void process_manager::start_answered(const spec_ptr& what, const child_result& outcome) {
  if (outcome) {
    memory_->started(what);
    answer_requests(what, outcome);
  } else if (outcome.error == supervision_errc::shutting_down) {
    // The supervisor's replacement starts the child.
    is_attached_ = false;
  } else if (requests_.contains(what)) {
    memory_->forget(what);
    answer_requests(what, outcome);
  } else {
    memory_->not_started(what);
    report_failed_start(*label_of(*what), outcome.text);
    if (!std::exchange(retry_is_set_, true))
      cast_after(this, spec_.retry_after, detail::start_missing{});
  }
}

void process_manager::report_failed_start(const process_label& whom, const std::string& why) {
  report(process_event::kind::start_failed, whom, exit_reason::crashed(why),
         process_event::decision::wait, spec_.retry_after);
}

void process_manager::answer_requests(const spec_ptr& what, const child_result& outcome) {
  const auto [begin, end] = requests_.equal_range(what);
  for (auto each = begin; each != end; ++each)
    each->second.deliver(outcome);
  requests_.erase(begin, end);
}

// Ends of children.

caf::result<child_result> process_manager::terminate(const terminate_child& request) {
  if (stop_reason_)
    return manager_ends;
  if (request.id.empty())
    return child_result{supervision_errc::not_found,
                        "a process manager identifies children by id, not by process",
                        {}};
  if (!memory_->keep_down(request.id))
    return child_result{supervision_errc::not_found,
                        fmt::format("the process manager has no child \"{}\"", request.id),
                        {}};
  auto promise = make_response_promise();
  terminations_[++last_termination_] = {request.id, promise};
  continue_termination(last_termination_);
  return promise;
}

void process_manager::continue_termination(std::uint64_t number) {
  const auto found = terminations_.find(number);
  // Without a supervisor, attach() continues.
  if (found == terminations_.end() || !is_attached_)
    return;
  ask_supervisor<child_list>(
    which_children{}, [this, number, id = found->second.first](const child_list& present) {
      const auto row = std::ranges::find(present.children, id, &child_list::row::id);
      const bool was_started_again = memory_->state_of(id) != managed_children::state::kept_down;
      if (row == present.children.end() || was_started_again) {
        complete_termination(number);
      } else if (row->process) {
        ask_supervisor<child_result>(
          terminate_child{.process = row->process},
          [this, number](const child_result&) { continue_termination(number); });
      } else {
        // The child waits for its restart. A dynamic supervisor then knows it by its last process,
        // which the list does not name.
        cast_after(this, longest_look, detail::continue_termination{number});
      }
    });
}

void process_manager::complete_termination(std::uint64_t number) {
  if (auto complete = terminations_.extract(number))
    complete.mapped().second.deliver(child_result{});
}

void process_manager::answer_if_ready() {
  if (!is_initialized_ || !is_attached_ || starting_ != 0)
    return;
  for (auto& promise : std::exchange(awaiting_ready_, {}))
    answer_nothing(promise);
}

} // namespace ottla

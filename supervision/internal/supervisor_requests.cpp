#include <ottla/supervision/internal/supervisor.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

// The requests to a supervisor, see supervisor_requests.hpp.

namespace ottla {

namespace {

child_result refusal(supervision_errc error, const std::string& id) {
  switch (error) {
    case supervision_errc::already_started:
      return {error, fmt::format("child \"{}\" is already started", id)};
    case supervision_errc::already_present:
      return {error, fmt::format("child \"{}\" already exists, without a process", id)};
    case supervision_errc::running: return {error, fmt::format("child \"{}\" is running", id)};
    case supervision_errc::restarting:
      return {error, fmt::format("child \"{}\" waits for its restart", id)};
    case supervision_errc::not_found: return {error, fmt::format("there is no child \"{}\"", id)};
    default: return {error, "the supervisor is shutting down"};
  }
}

/// The answer to a request that adds a child although the child `there` already has its id.
child_result refusal_for(const child_row& there) {
  if (!there.is_running())
    return refusal(supervision_errc::already_present, there.id());
  auto why = refusal(supervision_errc::already_started, there.id());
  why.process = there.run.process;
  return why;
}

} // namespace

caf::message_handler supervisor::requests() {
  return {
    [this](const start_child& request) {
      return in_turn(during_delay::wait,
                     [this, request](auto& promise) { serve_start(request, promise); });
    },
    [this](const restart_child& request) {
      return in_turn(during_delay::serve,
                     [this, request](auto& promise) { serve_restart(request, promise); });
    },
    [this](const delete_child& request) {
      return in_turn(during_delay::serve,
                     [this, request](auto& promise) { serve_delete(request, promise); });
    },
    [this](const terminate_child& request) { return terminate(request); },
    [this](const adopt_child& request) { return adopt(request); },
    [this](const get_child_spec& request) { return find_spec(request); },
    [this](which_children) { return list(); },
    [this](count_children) { return count(); },
  };
}

caf::result<child_result> supervisor::in_turn(during_delay then, serve_function serve) {
  auto promise = make_response_promise();
  if (stop_reason_ || (then == during_delay::serve && only_waits())) {
    serve(promise);
    return promise;
  }
  queued_.push_back({promise, std::move(serve)});
  advance();
  return promise;
}

bool supervisor::only_waits() {
  return !busy() && queue_.only_waits(time());
}

void supervisor::serve_start(const start_child& request, caf::response_promise& promise) {
  const auto refuse = [&](child_result why) { promise.deliver(std::move(why)); };
  if (stop_reason_)
    return refuse(refusal(supervision_errc::shutting_down, {}));
  if (!request.spec)
    return refuse({supervision_errc::bad_spec, "the request has no spec"});
  if (const auto wrong = validate(*request.spec, spec_); !wrong.empty())
    return refuse({supervision_errc::bad_spec, fmt::format("{}", fmt::join(wrong, "; "))});
  const auto& id = request.spec->id;
  if (const auto* there = children_.find(id))
    return refuse(refusal_for(*there));
  auto& child = children_.add(make_row(request.spec));
  child.started_by = child_row::cause::start_child;
  launch_row(child, promise);
}

std::optional<supervision_errc> supervisor::error_unless_down(const child_row* child) const {
  if (stop_reason_)
    return supervision_errc::shutting_down;
  if (child == nullptr)
    return supervision_errc::not_found;
  switch (status_of(*child)) {
    case child_status::down: return std::nullopt;
    case child_status::restarting: return supervision_errc::restarting;
    default: return supervision_errc::running;
  }
}

void supervisor::serve_restart(const restart_child& request, caf::response_promise& promise) {
  auto* child = children_.find(request.id);
  if (const auto why = error_unless_down(child)) {
    promise.deliver(refusal(*why, request.id));
    return;
  }
  child->started_by = child_row::cause::restart_child;
  launch_row(*child, promise);
}

void supervisor::serve_delete(const delete_child& request, caf::response_promise& promise) {
  const auto* child = children_.find(request.id);
  if (const auto why = error_unless_down(child)) {
    promise.deliver(refusal(*why, request.id));
    return;
  }
  children_.erase(*child);
  promise.deliver(child_result{});
}

caf::result<child_result> supervisor::terminate(const terminate_child& request) {
  auto* child = find_child(request.id, request.process);
  if (child == nullptr)
    return refusal(supervision_errc::not_found, request.id);
  if (!stop_reason_)
    queue_.cancel(child->id(), child == starting_);
  // The child ended during the first start, and no restart is decided yet.
  if (std::erase(early_ends_, child) != 0) {
    handle_end(*child, process_event::kind::ended, true);
    return child_result{};
  }
  if (!child->is_running()) {
    advance();
    return child_result{};
  }
  auto promise = make_response_promise();
  child->run.make_calls().terminators.push_back(promise);
  end(*child);
  return promise;
}

caf::result<child_result> supervisor::adopt(const adopt_child& request) {
  if (stop_reason_)
    return refusal(supervision_errc::shutting_down, {});
  if (!request.spec)
    return child_result{supervision_errc::bad_spec, "the request has no spec"};
  if (const auto wrong = validate_adopted(*request.spec, spec_); !wrong.empty())
    return child_result{supervision_errc::bad_spec, fmt::format("{}", fmt::join(wrong, "; "))};
  const auto& id = request.spec->id;
  if (const auto* there = children_.find(id))
    return refusal_for(*there);
  if (find_living(request.process) != nullptr)
    return child_result{supervision_errc::already_started,
                        "the process is already a child of this supervisor", request.process};
  auto& child = children_.add(make_row(request.spec));
  auto refused = claim_for(*child.label, request.process);
  if (!refused) {
    children_.erase(child);
    return refused;
  }
  parent::adopt(children_.share(child), request.process);
  return child_result{.process = request.process};
}

child_spec_found supervisor::find_spec(const get_child_spec& request) {
  const auto* child = find_child(request.id, request.process);
  return child == nullptr ? child_spec_found{supervision_errc::not_found, nullptr}
                          : child_spec_found{supervision_errc::none, child->spec};
}

child_list supervisor::list() const {
  child_list result;
  for (const auto& row : rows())
    result.children.push_back({row.id, row.status, row.process, row.type});
  return result;
}

child_counts supervisor::count() const {
  child_counts result{.specs = children_.size()};
  for (const auto& child : children_) {
    ++(child.spec->type == child_type::supervisor ? result.supervisors : result.workers);
    result.active += child.is_running();
  }
  return result;
}

child_row* supervisor::find_child(const std::string& id, const caf::actor& process) {
  if (!process)
    return children_.find(id);
  return find_living(process);
}

child_row supervisor::make_row(std::shared_ptr<const child_spec> spec) const {
  child_row child{.spec = std::move(spec)};
  child.label = label_of(*child.spec);
  child.delays = delays_of(*child.spec, *child.label);
  return child;
}

} // namespace ottla

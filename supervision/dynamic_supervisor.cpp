#include <ottla/supervision/dynamic_supervisor.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace ottla {

dynamic_supervisor_spec::operator child_spec() const {
  return {.id = id,
          .start = start<dynamic_supervisor>(*this),
          .type = child_type::supervisor,
          .name = name};
}

dynamic_supervisor::dynamic_supervisor(caf::actor_config& config, process_context context,
                                       dynamic_supervisor_spec spec)
  : parent{config, std::move(context)}, spec_{std::move(spec)}, window_{spec_.restarts} {}

caf::behavior dynamic_supervisor::set_up() {
  return watch_children().or_else(
    [this](const start_child& request) { return add(request); },
    [this](const terminate_child& request) { return remove(request); },
    [this](list_children) {
      child_list result;
      for (const auto& [which, child] : children_)
        if (child.status == child_status::up)
          result.children.push_back({child.spec.id, process_of(which)});
      return result;
    });
}

void dynamic_supervisor::shutdown(const exit_reason& why) {
  stop_all(why);
}

void dynamic_supervisor::launched(key which) {
  auto& child = children_.at(which);
  if (child.status == child_status::starting)
    child.status = child_status::up;
  if (child.starter.pending())
    child.starter.deliver(child_started{process_of(which)});
}

void dynamic_supervisor::launch_ignored(key which) {
  forget(which, "ignored: it has nothing to do");
}

void dynamic_supervisor::launch_failed(key which, const std::string& why) {
  const auto found = children_.find(which);
  if (found == children_.end())
    return;
  tell(process_event::kind::start_failed, found->second.spec.id, exit_reason::crashed(why));
  // A start that was asked for fails to whoever asked; only a restart is tried again.
  const bool was_restart
    = found->second.restarts != 0 && !stop_reason_ && found->second.terminators.empty();
  if (!was_restart) {
    forget(which, why);
    return;
  }
  auto failed = std::move(found->second);
  children_.erase(found);
  restart(std::move(failed), exit_reason::crashed(why));
}

void dynamic_supervisor::ended(key which, const exit_reason& why) {
  const auto found = children_.find(which);
  if (found == children_.end())
    return;
  const auto& spec = found->second.spec;
  const bool asked = found->second.status == child_status::ending;
  if (!asked)
    tell(process_event::kind::ended, spec.id, why, window_.count());
  const bool again = spec.restart == restart_policy::permanent
                     || (spec.restart == restart_policy::transient && !why.orderly());
  if (asked || stop_reason_ || !again) {
    forget(which, to_string(why));
    return;
  }
  auto failed = std::move(found->second);
  children_.erase(found);
  restart(std::move(failed), why);
}

std::vector<tree_node> dynamic_supervisor::rows() const {
  std::vector<tree_node> result;
  for (const auto& [which, child] : children_)
    result.push_back({.id = child.spec.id,
                      .type = child.spec.type,
                      .status = child.status,
                      .restarts = child.restarts,
                      .process = process_of(which)});
  return result;
}

void dynamic_supervisor::terminated() {
  parent::terminated();
  for (auto& [which, child] : children_) {
    if (child.starter.pending())
      child.starter.deliver(make_text_error("the supervisor has ended"));
    for (auto& terminator : child.terminators)
      terminator.deliver(make_text_error("the supervisor has ended"));
  }
  // A promise holds on to this process.
  children_.clear();
}

caf::result<child_started> dynamic_supervisor::add(const start_child& request) {
  if (stop_reason_)
    return make_text_error("the supervisor is shutting down");
  if (children_.size() >= spec_.max_children)
    return make_text_error(fmt::format("max_children: {} are running", children_.size()));
  if (const auto wrong = validate(request.spec); !wrong.empty())
    return make_text_error(fmt::format("{}", fmt::join(wrong, "; ")));
  auto promise = make_response_promise();
  const auto which = bring_up(request.spec);
  children_.emplace(which, child{.spec = request.spec, .starter = promise});
  return promise;
}

caf::result<child_terminated> dynamic_supervisor::remove(const terminate_child& request) {
  const auto which = key_of(request.process);
  if (!which)
    return child_terminated{false};
  auto& child = children_.at(*which);
  auto promise = make_response_promise();
  child.terminators.push_back(promise);
  child.status = child_status::ending;
  end(*which);
  return promise;
}

void dynamic_supervisor::restart(child failed, const exit_reason& why) {
  if (!window_.add(now().time_since_epoch())) {
    tell(process_event::kind::gave_up, failed.spec.id, why, window_.count());
    stop_all(exit_reason::shutdown(fmt::format(
      "more than {} restarts within {} ms, the last of child \"{}\": {}", spec_.restarts.at_most,
      spec_.restarts.within / std::chrono::milliseconds{1}, failed.spec.id, to_string(why))));
    return;
  }
  ++failed.restarts;
  failed.status = child_status::starting;
  tell(process_event::kind::restarting, failed.spec.id, why, window_.count());
  const auto which = bring_up(failed.spec);
  children_.emplace(which, std::move(failed));
}

void dynamic_supervisor::stop_all(exit_reason why) {
  if (stop_reason_)
    return;
  stop_reason_ = std::move(why);
  for (auto& [which, child] : children_) {
    child.status = child_status::ending;
    end(which);
  }
  if (children_.empty())
    stop(*stop_reason_);
}

void dynamic_supervisor::forget(key which, const std::string& why) {
  if (auto gone = children_.extract(which)) {
    auto& child = gone.mapped();
    if (child.starter.pending())
      child.starter.deliver(make_text_error(why));
    for (auto& terminator : child.terminators)
      terminator.deliver(child_terminated{true});
  }
  if (stop_reason_ && children_.empty())
    stop(*stop_reason_);
}

} // namespace ottla

#pragma once

#include <ottla/actors/call.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/process_manager.hpp>

#include "supervising.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

/// What the initializer returns, and how often it was called. Outlives the manager.
struct script {
  int calls = 0;
  std::function<found_children()> answer;
};

/// A dynamic supervisor `pool` and the manager of its children.
struct managing : supervising {
  child_spec manager(process_manager_spec spec = {}) const {
    spec.id = spec.name = "manager";
    spec.supervisor = "pool";
    return spec;
  }

  /// A spec with an initializer that follows the script.
  process_manager_spec initialized_by(std::function<found_children()> answer) {
    plan->answer = std::move(answer);
    return {.initializer = [plan = plan] {
      ++plan->calls;
      return plan->answer();
    }};
  }

  void run(const child_spec& what, const dynamic_supervisor_spec& pool = {}) {
    auto supervisor = pool;
    supervisor.id = supervisor.name = "pool";
    supervisor.restarts = {.at_most = 100};
    under(
      supervisor_spec{.id = "top", .restarts = {.at_most = 100}, .children = {supervisor, what}});
  }

  caf::actor whereis(const std::string& name) const { return names->whereis(name); }

  /// Kills the dynamic supervisor, and gives the manager the time to find its replacement.
  bool pool_is_replaced() {
    const bool is_replaced = is_replaced_after_kill("pool");
    time.advance(std::chrono::milliseconds{1});
    return is_replaced;
  }

  template <class Request>
  child_result asked_manager(Request request) {
    return ask<child_result>(*this, whereis("manager"), std::move(request)).answer.value();
  }

  template <class Request>
  std::string manager_says(Request request) {
    const auto result = asked_manager(std::move(request));
    return result ? "ok" : std::string{to_string(result.error)};
  }

  /// The children of the dynamic supervisor, as in `a up, b down`.
  std::string pool_has() {
    std::string result;
    for (const auto& row : rows_of(whereis("pool")))
      result += fmt::format("{}{} {}", result.empty() ? "" : ", ", row.id, to_string(row.status));
    return result;
  }

  /// Asks the manager whether it is ready. The text becomes `ready` or the reason of a failure.
  std::shared_ptr<std::string> await() {
    auto heard = std::make_shared<std::string>("waits");
    time.system().spawn([heard, whom = whereis("manager")](caf::event_based_actor* self) {
      call<void>(self, whom, infinity, await_ready{}, [heard](const call_result<void>& answer) {
        *heard = answer ? "ready" : to_string(answer.error());
      });
    });
    time.run();
    return heard;
  }

  /// The failed starts since the last call, as in `top/manager/a: no luck, again in 1000 ms`.
  std::string failures() {
    std::string result;
    for (const auto& event : *events)
      if (event.what == process_event::kind::start_failed
          && event.then == process_event::decision::wait)
        result += fmt::format("{}{}: {}, again in {} ms", result.empty() ? "" : "; ", event.path,
                              event.reason.text, event.delay / std::chrono::milliseconds{1});
    events->clear();
    return result;
  }

  std::shared_ptr<script> plan = std::make_shared<script>();
};

} // namespace ottla::test

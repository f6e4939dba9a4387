#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "child_specs.hpp"
#include "tree.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace ottla::test {

/// A stage with one supervisor. Returns the supervisor's answers and events as text.
struct supervising : stage {
  /// Starts the supervisor, and discards the journal and events of its start.
  void under(const child_spec& supervisor) {
    top = &start(supervisor);
    happened();
    ends();
  }

  template <class Request>
  child_result asked(Request request) {
    return ask<child_result>(*this, top->process, std::move(request)).answer.value();
  }

  /// Returns `ok`, the error's name, or the reason for a missing answer.
  template <class Request>
  std::string says(Request request) {
    const auto heard = ask<child_result>(*this, top->process, std::move(request));
    if (!heard.answer)
      return to_string(heard.failed.value());
    return *heard.answer ? "ok" : std::string{to_string(heard.answer->error)};
  }

  std::vector<child_list::row> rows_of(const caf::actor& supervisor) {
    return ask<child_list>(*this, supervisor, which_children{}).answer.value().children;
  }

  /// Returns the result of which_children, as in `a up, b down`.
  std::string listed() {
    std::string result;
    for (const auto& row : rows_of(top->process))
      result += fmt::format("{}{} {}", result.empty() ? "" : ", ", row.id, to_string(row.status));
    return result;
  }

  /// Returns the result of count_children as `specs/active/supervisors/workers`.
  std::string counted() { return counted_by(top->process); }

  std::string counted_by(const caf::actor& supervisor) {
    const auto all = ask<child_counts>(*this, supervisor, count_children{}).answer.value();
    return fmt::format("{}/{}/{}/{}", all.specs, all.active, all.supervisors, all.workers);
  }

  /// Returns the processes that ended since the last call with their reasons, as in `b killed, a
  /// shutdown`.
  std::string ends() {
    std::string result;
    for (const auto& event : *events)
      if (event.what == process_event::kind::ended || event.what == process_event::kind::stopped)
        result
          += fmt::format("{}{} {}", result.empty() ? "" : ", ",
                         event.path.substr(event.path.rfind('/') + 1), to_string(event.reason));
    events->clear();
    return result;
  }

  /// The supervisor's child with this id, or null.
  caf::actor child_of(const caf::actor& supervisor, const std::string& id) {
    for (const auto& row : rows_of(supervisor))
      if (row.id == id)
        return row.process;
    return {};
  }

  /// A probe that ends with `reason` after a shutdown request.
  child_spec child_that_answers(const std::string& id, const exit_reason& reason) const {
    return {.id = id,
            .start = ottla::start<probe>(probe_plan{.id = id, .log = log, .answers = reason})};
  }

  const sighting* top = nullptr;
};

inline const restart_policy every_restart_policy[]
  = {restart_policy::permanent, restart_policy::transient, restart_policy::temporary};
inline const strategy every_strategy[]
  = {strategy::one_for_one, strategy::one_for_all, strategy::rest_for_one};

} // namespace ottla::test

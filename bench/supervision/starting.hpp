#pragma once

#include <ottla/actors/call.hpp>
#include <ottla/supervision/internal/child_processes.hpp>
#include <ottla/supervision/internal/dynamic_supervisor.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include "supervision/ping_server.hpp"

#include <memory>
#include <utility>

namespace bench {

inline ottla::process_context supervisor_context() {
  return {.label = std::make_shared<const ottla::process_label>(ottla::process_label{"supervisor"}),
          .children = std::make_shared<ottla::child_processes>()};
}

inline caf::actor new_dynamic_supervisor(caf::actor_system& system) {
  return caf::actor_cast<caf::actor>(system.spawn<ottla::dynamic_supervisor>(
    supervisor_context(), ottla::dynamic_supervisor_spec{.id = "supervisor"}));
}

/// One spec for all children, as in a simple_one_for_one.
inline std::shared_ptr<const ottla::child_spec> ping_server_spec() {
  return std::make_shared<const ottla::child_spec>(
    ottla::child_spec{.id = "child", .start = ottla::start<ping_server>()});
}

/// Requests a child. Calls `then` with the child, or with null if the start failed.
template <class Then>
void start_ping_server(caf::event_based_actor* self, const ottla::process_ref& supervisor,
                       const std::shared_ptr<const ottla::child_spec>& spec, Then then) {
  ottla::call<ottla::child_result>(self, supervisor, ottla::infinity, ottla::start_child{spec},
                                   [then](const ottla::call_result<ottla::child_result>& answer) {
                                     then(answer ? answer->process : caf::actor{});
                                   });
}

} // namespace bench

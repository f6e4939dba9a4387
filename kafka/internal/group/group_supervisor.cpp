#include <ottla/kafka/internal/group/acknowledger.hpp>
#include <ottla/kafka/internal/group/coordinator.hpp>
#include <ottla/kafka/internal/group/group_manager.hpp>
#include <ottla/kafka/internal/group/group_supervisor.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>

#include <chrono>

namespace ottla::kafka {

supervisor_spec group_supervisor(const group_context_ptr& group, restart_limit restarts) {
  using namespace std::chrono_literals;
  const auto named = [](std::string_view name, child_spec spec) {
    spec.id = spec.name = name;
    return spec;
  };
  return {
    .id = "group_supervisor",
    .strategy = strategy::rest_for_one,
    .restarts = restarts,
    .children = {
      // The coordinator itself limits its last commit and its leave to the deadline of a stop.
      named(coordinator_name,
            {.start = start<coordinator>(group),
             .shutdown = shutdown_policy::at_least(5s),
             .healthy = healthy_when::reported}),
      named(acknowledger_name, {.start = start<acknowledger>(group)}),
      named(worker_supervisor_name,
            dynamic_supervisor_spec{.id = std::string{worker_supervisor_name}}),
      // The manager drains the workers when it is asked to end. When the worker supervisor ends, it
      // kills workers that have not drained.
      named(group_manager_name,
            {.start = start<group_manager>(group), .shutdown = group->settings.drain_within + 1s}),
    },
  };
}

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

namespace ottla::kafka {

/// Supervises one group member with rest_for_one. The children start in the order coordinator,
/// acknowledger, worker supervisor, group manager. The membership survives a crash of any child
/// except the coordinator. Elsa.Group.Supervisor restarts all processes and ends the membership.
supervisor_spec group_supervisor(const group_context_ptr& group, restart_limit restarts);

} // namespace ottla::kafka

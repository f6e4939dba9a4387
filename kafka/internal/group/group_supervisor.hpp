#pragma once

#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

namespace ottla::kafka {

/// The tree of one group member, rest_for_one, in the order of dependency: coordinator,
/// acknowledger, worker supervisor, group manager. The membership survives a crash of any process
/// except the coordinator. Elsa.Group.Supervisor restarts all processes and ends the membership.
supervisor_spec group_supervisor(const group_context_ptr& group, restart_limit restarts);

} // namespace ottla::kafka

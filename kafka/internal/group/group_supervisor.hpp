#pragma once

#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

namespace ottla::kafka {

/// The tree of one group member, rest_for_one, in the order of dependency: coordinator,
/// acknowledger, worker supervisor, group manager. A crash of any process except the coordinator
/// keeps the membership. Elsa.Group.Supervisor restarts all processes, which ends the membership.
supervisor_spec group_supervisor(const group_context_ptr& group, restart_limit restarts);

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/group/group_context.hpp>
#include <ottla/supervision/supervisor.hpp>

namespace ottla::kafka {

/// The tree of one group member, in the order of who needs whom: coordinator, acknowledger, the
/// workers' supervisor, group manager; rest_for_one. A crash of the last three leaves the
/// membership alone. (Elsa.Group.Supervisor restarts all of it, and so leaves the group.)
supervisor_spec group_supervisor(const group_context_ptr& group, restart_limit restarts);

} // namespace ottla::kafka

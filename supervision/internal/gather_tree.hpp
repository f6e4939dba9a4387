#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>

namespace ottla::detail {

/// Asks the supervisors among the root's rows for their trees. Answers the current request when all
/// have answered or timed out.
caf::result<tree_node> gather_tree(caf::event_based_actor* self, tree_node root,
                                   std::chrono::nanoseconds within);

} // namespace ottla::detail

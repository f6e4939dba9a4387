#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>

namespace ottla::detail {

/// Requests the trees of the supervisors among the root's rows. Answers the current request when
/// all these supervisors have answered or timed out.
caf::result<tree_node> gather_tree(caf::event_based_actor* self, tree_node root,
                                   std::chrono::nanoseconds within);

} // namespace ottla::detail

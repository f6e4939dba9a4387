#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/supervision/messages.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>

namespace ottla::detail {

/// Asks those of the root's rows that are supervisors for what is below them, and answers the
/// request in hand when all have told, or were given up.
caf::result<tree_node> gather_tree(caf::event_based_actor* self, tree_node root,
                                   std::chrono::nanoseconds within);

} // namespace ottla::detail

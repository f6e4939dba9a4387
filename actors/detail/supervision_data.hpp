#pragma once

namespace ottla::detail {

// What supervisors attach to a process_context. Only supervision/internal/ knows more of the two
// types, in tree_context.hpp and child_processes.hpp.

/// Base of tree_context: what the supervisors of a tree share.
struct tree_data {};

/// Base of child_processes: a supervisor's table of its children.
struct children_data {};

} // namespace ottla::detail

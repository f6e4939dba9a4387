#pragma once

namespace ottla::detail {

// Data that supervisors attach to a process_context. The derived types are in
// supervision/internal/, in tree_context.hpp and child_processes.hpp.

/// Base of tree_context, the data that all supervisors of a tree share.
struct tree_data {};

/// Base of child_processes, a supervisor's table of its children.
struct children_data {};

} // namespace ottla::detail

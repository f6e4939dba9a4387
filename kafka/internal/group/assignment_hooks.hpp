#pragma once

#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/partition/state_ptr.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <vector>

namespace ottla::kafka {

/// Calls the program's assignment_received, if set, once for each assignment. Does nothing if the
/// hook_ledger shows that the hook has seen this assignment. Throws std::runtime_error if the hook
/// rejects the partition.
void call_assignment_received(const group_context& group, const state_ptr& state);

/// Calls the program's assignments_revoked, if set, with partitions that were given up. Reports an
/// exception of the hook to the observer. The hook is not retried, since a retry would delay the
/// next owner of the partitions.
void call_assignments_revoked(const group_context& group,
                              const std::vector<topic_partition>& ended);

} // namespace ottla::kafka

#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/admin/group_info.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ottla::kafka {

// Requests about consumer groups. topics.hpp states the rules of all requests. An embedded_cluster
// supports none of them.

/// Returns the groups that the cluster shows to this client.
result<group_list> list_groups(const cluster_settings& cluster,
                               saturating<std::chrono::milliseconds> within);

/// Returns the states and the members of groups, in the order of the request. A group that does not
/// exist fails with errc::unknown_group.
result<std::vector<group_description>>
describe_groups(const cluster_settings& cluster, const std::vector<std::string>& groups,
                saturating<std::chrono::milliseconds> within);

/// Returns the committed offsets of a group, sorted by topic and partition. Omits partitions
/// without a committed offset, so a group that does not exist has none.
result<std::vector<partition_offset>>
fetch_committed_offsets(const cluster_settings& cluster, const std::string& group,
                        saturating<std::chrono::milliseconds> within);

/// Returns the lag of a group in each partition with a committed offset, sorted by topic and
/// partition. If the leader of a partition does not answer, only this partition fails.
result<std::vector<partition_lag>> fetch_lag(const cluster_settings& cluster,
                                             const std::string& group,
                                             saturating<std::chrono::milliseconds> within);

/// Moves the committed offsets of a group, and returns an outcome for each partition, sorted by
/// topic and partition. The group must have no members. Otherwise the request fails with
/// errc::group_not_empty, and the text names the group's state. A group that does not exist is
/// created with the new offsets.
result<std::vector<partition_reset>> reset_offsets(const cluster_settings& cluster,
                                                   const group_reset& what,
                                                   saturating<std::chrono::milliseconds> within);

/// Deletes groups and their committed offsets. A group with members fails with
/// errc::group_not_empty, and a group that does not exist with errc::unknown_group.
result<std::vector<group_outcome>> delete_groups(const cluster_settings& cluster,
                                                 const std::vector<std::string>& groups,
                                                 saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka

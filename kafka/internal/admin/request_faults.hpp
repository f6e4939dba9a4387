#pragma once

#include <ottla/kafka/admin/admin_requests.hpp>
#include <ottla/kafka/error.hpp>

#include <optional>

namespace ottla::kafka {

// The checks of admin requests, before any broker is asked. librdkafka truncates a name at a NUL
// byte, so a name with a NUL byte would change another topic or group. Each function returns an
// error of code bad_setting that names the first bad input. Returns nullopt if the request has no
// fault.

/// Rejects a deadline of zero or less.
std::optional<error> fault_of_time(std::chrono::milliseconds within);

std::optional<error> fault_of(const list_topics_request& what);
std::optional<error> fault_of(const describe_topics_request& what);
std::optional<error> fault_of(const topic_exists_request& what);
std::optional<error> fault_of(const count_partitions_request& what);
std::optional<error> fault_of(const create_topics_request& what);
std::optional<error> fault_of(const delete_topics_request& what);
std::optional<error> fault_of(const add_partitions_request& what);
std::optional<error> fault_of(const describe_configs_request& what);
std::optional<error> fault_of(const alter_configs_request& what);
std::optional<error> fault_of(const delete_records_request& what);
std::optional<error> fault_of(const list_groups_request& what);
std::optional<error> fault_of(const describe_groups_request& what);
std::optional<error> fault_of(const fetch_committed_offsets_request& what);
std::optional<error> fault_of(const fetch_lag_request& what);
std::optional<error> fault_of(const reset_offsets_request& what);
std::optional<error> fault_of(const delete_groups_request& what);
std::optional<error> fault_of(const describe_cluster_request& what);

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ottla::kafka {

// Names of a connection's processes in the connection's registry. Outside of the connection, the
// connection's name is the prefix of each name, for example `orders/producer`.

inline constexpr std::string_view registry_name = "registry";
inline constexpr std::string_view producer_name = "producer";
inline constexpr std::string_view coordinator_name = "coordinator";
inline constexpr std::string_view acknowledger_name = "acknowledger";
inline constexpr std::string_view worker_supervisor_name = "worker_supervisor";
inline constexpr std::string_view group_manager_name = "group_manager";
inline constexpr std::string_view health_name = "health";
inline constexpr std::string_view admin_name = "admin";

/// Prefix of the names of a consumer without a group: `consumer/orders/`. The rest is the name of a
/// process of a group, for example `consumer/orders/coordinator` and `consumer/orders/worker/3`.
std::string consumer_prefix(std::string_view topic);

/// Returns `worker/orders/3`.
std::string worker_name(const topic_partition& where);

/// Returns `worker/3`, the name under worker_allocation::per_partition.
std::string worker_name(std::int32_t partition);

} // namespace ottla::kafka

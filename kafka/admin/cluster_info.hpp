#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A broker of the cluster.
struct broker_info {
  std::int32_t id = -1;
  /// The address that the broker gives to clients.
  std::string host = {};
  std::uint16_t port = 0;
};

/// The answer of describe_cluster.
struct cluster_description {
  /// Kafka's id of the cluster. Empty if the broker does not report an id.
  std::string id = {};
  /// Id of the broker that takes requests for the controller; -1 if there is none.
  std::int32_t controller = -1;
  /// The brokers that are up, sorted by id.
  std::vector<broker_info> brokers = {};
};

} // namespace ottla::kafka

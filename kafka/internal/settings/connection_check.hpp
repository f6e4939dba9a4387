#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>

#include <string>
#include <vector>

namespace ottla::kafka {

/// The settings that all handles of a connection share.
cluster_settings cluster_of(const connection& settings);

/// Whether the connection has a producer.
bool produces(const connection& settings);

/// Returns the faults of the settings that all handles of a cluster share, one line each. Without
/// `on_librdkafka`, `brokers` may be empty. librdkafka's own keys are not checked.
std::vector<std::string> check_cluster(const cluster_settings& settings, bool on_librdkafka);

/// Returns all faults of the settings, one line each. If `on_librdkafka` is true, librdkafka also
/// checks its own keys, and combinations of settings.
std::vector<std::string> check_connection(const connection& settings, bool on_librdkafka);

} // namespace ottla::kafka

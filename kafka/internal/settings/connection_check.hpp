#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>

#include <string>
#include <vector>

namespace ottla::kafka {

/// The settings of a connection that each of its handles gets.
cluster_settings cluster_of(const connection& settings);

/// Every fault of the settings, one line each; empty if there is none. `on_librdkafka`: asks
/// librdkafka too, which knows its own keys and which settings contradict each other.
std::vector<std::string> check_connection(const connection& settings, bool on_librdkafka);

} // namespace ottla::kafka

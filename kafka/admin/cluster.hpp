#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/admin/cluster_info.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>

namespace ottla::kafka {

/// Returns the cluster's id, its controller and its brokers. Works on an embedded_cluster too.
/// topics.hpp states the rules of all requests.
result<cluster_description> describe_cluster(const cluster_settings& cluster,
                                             saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka

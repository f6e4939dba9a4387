#pragma once

#include <ottla/kafka/internal/driver/admin_session.hpp>
#include <ottla/kafka/result.hpp>

#include <cstdint>
#include <string>

namespace ottla::kafka {

/// Null if the cluster does not list the topic. Valid as long as `in`.
const topic_description* find_topic(const cluster_view& in, const std::string& topic);

/// The error for a topic that does not exist. The name is Kafka's, because brokers answer a request
/// for a missing topic with it. ottla reads the list of all topics, since a request for one topic
/// may create the topic.
error no_topic(const std::string& topic);

/// The number of partitions, or why the topic has none.
result<std::int32_t> partitions_in(const cluster_view& view, const std::string& topic);

} // namespace ottla::kafka

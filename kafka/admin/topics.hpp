#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

// Requests about topics that need no connection. Each function blocks for up to `within`, so call
// it from main or from a thread of the program, never from a handler. An actor sends a message of
// admin_requests.hpp instead. A `within` of more than an hour counts as an hour, which is
// librdkafka's limit. A `within` of zero or less is rejected with errc::bad_setting, and so are
// names and numbers that Kafka never accepts. If a broker reports an error, error::name has Kafka's
// name of the error. After errc::timed_out, brokers may have made the change.
//
// A function for several topics returns an outcome for each topic, in the order of the request. The
// function itself fails only if no broker answered, if the request is invalid or if the cluster
// does not support the request. An embedded_cluster supports only list_topics, describe_topics
// without configs, topic_exists, count_partitions and describe_cluster. All other requests fail at
// once with errc::not_supported. (Elsa.Topic.)

/// Returns the topics that the cluster shows to this client, sorted by name.
result<std::vector<topic_info>> list_topics(const cluster_settings& cluster,
                                            saturating<std::chrono::milliseconds> within);

/// Returns the partitions, their leaders and replicas, the configs and the ids of topics. A topic
/// that does not exist fails with errc::unknown_topic.
result<std::vector<topic_description>>
describe_topics(const cluster_settings& cluster, const std::vector<std::string>& topics,
                saturating<std::chrono::milliseconds> within);

/// Whether the cluster lists the topic, even if this client may not describe the topic.
result<bool> topic_exists(const cluster_settings& cluster, const std::string& topic,
                          saturating<std::chrono::milliseconds> within);

/// Returns the number of partitions of a topic. Fails with errc::unknown_topic if the topic does
/// not exist, and with the broker's error if the client may not describe the topic.
/// (Elsa.Util.partition_count.)
result<std::int32_t> count_partitions(const cluster_settings& cluster, const std::string& topic,
                                      saturating<std::chrono::milliseconds> within);

/// Creates topics. A topic that exists already fails with errc::topic_exists.
result<std::vector<topic_outcome>> create_topics(const cluster_settings& cluster,
                                                 const std::vector<new_topic>& topics,
                                                 saturating<std::chrono::milliseconds> within);

/// Creates one topic. Fails with errc::topic_exists if the topic exists already, and with
/// errc::bad_setting if the name, `partitions`, `replicas` or a config is invalid.
result<void> create_topic(const cluster_settings& cluster, const new_topic& topic,
                          saturating<std::chrono::milliseconds> within);

/// Deletes topics and their records. A topic that does not exist fails with errc::unknown_topic.
/// Brokers may show a deleted topic for a while.
result<std::vector<topic_outcome>> delete_topics(const cluster_settings& cluster,
                                                 const std::vector<std::string>& topics,
                                                 saturating<std::chrono::milliseconds> within);

/// Deletes one topic, like delete_topics.
result<void> delete_topic(const cluster_settings& cluster, const std::string& topic,
                          saturating<std::chrono::milliseconds> within);

/// Adds partitions to a topic, which then has `partitions` in total. Fails with errc::bad_setting
/// if the topic already has that many partitions or more, since Kafka never removes partitions.
/// Records that were produced before stay in their partitions, although later records with the same
/// keys may get other partitions.
result<void> add_partitions(const cluster_settings& cluster, const std::string& topic,
                            std::int32_t partitions, saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka

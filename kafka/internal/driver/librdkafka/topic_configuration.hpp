#pragma once

#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <librdkafka/rdkafka.h>

#include <string>
#include <vector>

namespace ottla::kafka {

using owned_topic_conf = owned<rd_kafka_topic_conf_t, rd_kafka_topic_conf_destroy>;

/// Applies the settings of a topic to `conf`. Returns one line for each key that librdkafka
/// rejects.
std::vector<std::string> configure_topic(rd_kafka_topic_conf_t* conf,
                                         const topic_producer_settings& how);

/// Returns one line for each key that librdkafka rejects. Each line names the topic.
std::vector<std::string> refused_topic_settings(const topic_producer_settings& how);

} // namespace ottla::kafka

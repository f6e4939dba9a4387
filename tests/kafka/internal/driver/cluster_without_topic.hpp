#pragma once

#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <string>

namespace ottla::kafka::test {

/// A cluster that does not have one topic, and does not create it, unlike embedded_cluster.
class cluster_without_topic {
public:
  explicit cluster_without_topic(const char* topic)
    : host_{rd_kafka_new(RD_KAFKA_PRODUCER, silent_conf(), nullptr, 0)},
      cluster_{rd_kafka_mock_cluster_new(host_.get(), 1)} {
    rd_kafka_mock_topic_set_error(cluster_.get(), topic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  }
  std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_.get()); }

private:
  static rd_kafka_conf_t* silent_conf() {
    auto* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
    return conf;
  }

  owned_handle host_;
  owned<rd_kafka_mock_cluster_t, rd_kafka_mock_cluster_destroy> cluster_;
};

} // namespace ottla::kafka::test

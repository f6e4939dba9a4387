#pragma once

#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace ottla::kafka {

/// librdkafka's mock cluster, in this process.
class mock_cluster {
public:
  /// Throws std::runtime_error if the cluster cannot be started.
  explicit mock_cluster(const embedded_cluster::settings& how);

  std::string brokers() const;

  /// Carries out an order. An order is a line of text, so that another process can send orders. The
  /// orders are `up BROKER`, `down BROKER`, `fail BROKER REQUEST CODE`, `left BROKER REQUEST`,
  /// `leader BROKER PARTITION TOPIC`, `coordinator BROKER GROUP`. Returns a number for `left`, and
  /// `done` for all other orders.
  std::string obey(const std::string& order);

private:
  void set_up(int broker_id, bool up);
  void fail_next(int broker_id, std::int16_t request, std::int16_t code);
  std::size_t failures_left(int broker_id, std::int16_t request) const;
  void move_leader(const std::string& topic, std::int32_t partition, int broker_id);
  void move_coordinator(const std::string& group, int broker_id);

  std::shared_ptr<rd_kafka_t> host_; // outlives the cluster
  owned<rd_kafka_mock_cluster_t, rd_kafka_mock_cluster_destroy> cluster_;
};

} // namespace ottla::kafka

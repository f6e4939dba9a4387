#pragma once

#include <ottla/kafka/embedded_cluster.hpp>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>

namespace ottla::kafka {

/// librdkafka's mock cluster, in this process.
class mock_cluster {
public:
  /// Throws std::runtime_error where it cannot be started.
  explicit mock_cluster(const embedded_cluster::settings& how);

  std::string brokers() const;
  void set_up(int broker_id, bool up);

private:
  struct destroy {
    void operator()(rd_kafka_mock_cluster_t* cluster) const noexcept {
      rd_kafka_mock_cluster_destroy(cluster);
    }
  };

  std::unique_ptr<rd_kafka_mock_cluster_t, destroy> cluster_;
};

} // namespace ottla::kafka

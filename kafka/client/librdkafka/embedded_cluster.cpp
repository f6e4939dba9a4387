#include <ottla/kafka/embedded_cluster.hpp>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <stdexcept>

namespace ottla::kafka {

namespace {

struct destroy_cluster {
  void operator()(rd_kafka_mock_cluster_t* cluster) const noexcept {
    rd_kafka_mock_cluster_destroy(cluster);
  }
};

// The mock clusters live in some handle; this one does nothing else. All of a process share it, and
// it stays until the end: destroying it takes librdkafka up to a second of waiting for itself.
rd_kafka_t* host() {
  static auto* const native = [] {
    std::array<char, 512> why{};
    auto* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
    auto* made = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
    if (made == nullptr) {
      rd_kafka_conf_destroy(conf);
      throw std::runtime_error{std::string{"cannot host an embedded cluster: "} + why.data()};
    }
    return made;
  }();
  return native;
}

} // namespace

struct embedded_cluster::implementation {
  std::unique_ptr<rd_kafka_mock_cluster_t, destroy_cluster> cluster;
};

embedded_cluster::embedded_cluster(settings how) : it_{std::make_unique<implementation>()} {
  it_->cluster.reset(rd_kafka_mock_cluster_new(host(), how.brokers));
  if (it_->cluster == nullptr)
    throw std::runtime_error{"cannot start an embedded cluster of " + std::to_string(how.brokers)
                             + " brokers"};
#if RD_KAFKA_VERSION >= 0x020600ff
  // As a broker for tests has it; without, the first join takes 3 s.
  rd_kafka_mock_group_initial_rebalance_delay_ms(it_->cluster.get(), 0);
#endif
  for (const auto& each : how.topics)
    if (const auto code = rd_kafka_mock_topic_create(it_->cluster.get(), each.name.c_str(),
                                                     each.partitions, how.brokers))
      throw std::runtime_error{"cannot make topic \"" + each.name
                               + "\": " + rd_kafka_err2str(code)};
}

embedded_cluster::~embedded_cluster() = default;

std::string embedded_cluster::brokers() const {
  return rd_kafka_mock_cluster_bootstraps(it_->cluster.get());
}

void embedded_cluster::take_broker_down(int broker_id) {
  rd_kafka_mock_broker_set_down(it_->cluster.get(), broker_id);
}

void embedded_cluster::bring_broker_up(int broker_id) {
  rd_kafka_mock_broker_set_up(it_->cluster.get(), broker_id);
}

} // namespace ottla::kafka

#include <ottla/kafka/embedded_cluster.hpp>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <stdexcept>

namespace ottla::kafka {

namespace {

struct destroy_native {
  void operator()(rd_kafka_t* native) const noexcept { rd_kafka_destroy(native); }
};

struct destroy_cluster {
  void operator()(rd_kafka_mock_cluster_t* cluster) const noexcept {
    rd_kafka_mock_cluster_destroy(cluster);
  }
};

// The mock lives in some handle; this one does nothing else.
std::unique_ptr<rd_kafka_t, destroy_native> make_host() {
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  auto* native = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (native == nullptr) {
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error{std::string{"cannot host an embedded cluster: "} + why.data()};
  }
  return std::unique_ptr<rd_kafka_t, destroy_native>{native};
}

} // namespace

struct embedded_cluster::implementation {
  std::unique_ptr<rd_kafka_t, destroy_native> host = make_host();
  std::unique_ptr<rd_kafka_mock_cluster_t, destroy_cluster> cluster;
};

embedded_cluster::embedded_cluster(settings how) : it_{std::make_unique<implementation>()} {
  it_->cluster.reset(rd_kafka_mock_cluster_new(it_->host.get(), how.brokers));
  if (it_->cluster == nullptr)
    throw std::runtime_error{"cannot start an embedded cluster of " + std::to_string(how.brokers) +
                             " brokers"};
#if RD_KAFKA_VERSION >= 0x020600ff
  // As a broker for tests has it; without, the first join takes 3 s.
  rd_kafka_mock_group_initial_rebalance_delay_ms(it_->cluster.get(), 0);
#endif
  for (const auto& each : how.topics)
    if (const auto code = rd_kafka_mock_topic_create(it_->cluster.get(), each.name.c_str(),
                                                     each.partitions, how.brokers))
      throw std::runtime_error{"cannot make topic \"" + each.name +
                               "\": " + rd_kafka_err2str(code)};
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

#include <ottla/kafka/client/librdkafka/mock_cluster.hpp>

#include <array>
#include <stdexcept>

namespace ottla::kafka {

namespace {

struct destroy_native {
  void operator()(rd_kafka_t* native) const noexcept { rd_kafka_destroy(native); }
};

using native_handle = std::unique_ptr<rd_kafka_t, destroy_native>;

native_handle make_host() {
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  auto* native = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (native == nullptr) {
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error{std::string{"cannot host an embedded cluster: "} + why.data()};
  }
  return native_handle{native};
}

// The mock clusters live in some handle; this one does nothing else. All of a process share it, and
// it stays until the end, since its destruction takes up to a second.
rd_kafka_t* host() {
  static const auto native = make_host();
  return native.get();
}

} // namespace

mock_cluster::mock_cluster(const embedded_cluster::settings& how)
  : cluster_{rd_kafka_mock_cluster_new(host(), how.brokers)} {
  if (!cluster_)
    throw std::runtime_error{"cannot start an embedded cluster of " + std::to_string(how.brokers)
                             + " brokers"};
#if RD_KAFKA_VERSION >= 0x020600ff
  // As a broker for tests has it; without, the first join takes 3 s.
  rd_kafka_mock_group_initial_rebalance_delay_ms(cluster_.get(), 0);
#endif
  for (const auto& each : how.topics)
    if (const auto code = rd_kafka_mock_topic_create(cluster_.get(), each.name.c_str(),
                                                     each.partitions, how.brokers))
      throw std::runtime_error{"cannot make topic \"" + each.name
                               + "\": " + rd_kafka_err2str(code)};
}

std::string mock_cluster::brokers() const {
  return rd_kafka_mock_cluster_bootstraps(cluster_.get());
}

void mock_cluster::set_up(int broker_id, bool up) {
  if (up)
    rd_kafka_mock_broker_set_up(cluster_.get(), broker_id);
  else
    rd_kafka_mock_broker_set_down(cluster_.get(), broker_id);
}

} // namespace ottla::kafka

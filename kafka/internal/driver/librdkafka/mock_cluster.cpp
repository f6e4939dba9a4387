#include <ottla/kafka/internal/driver/librdkafka/mock_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <array>
#include <sstream>
#include <stdexcept>

namespace ottla::kafka {

namespace {

owned_handle make_host() {
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  auto* native = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (native == nullptr) {
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error{std::string{"cannot host an embedded cluster: "} + why.data()};
  }
  return owned_handle{native};
}

// A mock cluster needs a host handle. The host handle has no other purpose. All mock clusters of a
// process share one host handle until the process ends, because rd_kafka_destroy takes up to a
// second. A cluster in a static object may be destroyed after this function's static variable, so
// each cluster shares ownership of the handle.
std::shared_ptr<rd_kafka_t> shared_host() {
  static const std::shared_ptr<rd_kafka_t> native = make_host();
  return native;
}

} // namespace

mock_cluster::mock_cluster(const embedded_cluster::settings& how)
  : host_{shared_host()}, cluster_{rd_kafka_mock_cluster_new(host_.get(), how.brokers)} {
  if (!cluster_)
    throw std::runtime_error{"cannot start an embedded cluster of " + std::to_string(how.brokers)
                             + " brokers"};
#if RD_KAFKA_VERSION >= 0x020600ff
  // Kafka's own test brokers set this delay to 0, too. With the default of 3 s, the first join is
  // slow.
  rd_kafka_mock_group_initial_rebalance_delay_ms(cluster_.get(), 0);
#endif
  for (const auto& each : how.topics)
    if (const auto fault = fault_of_topic(each.name))
      throw std::runtime_error{*fault};
    else if (const auto code = rd_kafka_mock_topic_create(cluster_.get(), each.name.c_str(),
                                                          each.partitions, how.brokers))
      throw std::runtime_error{"cannot create topic \"" + each.name
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

void mock_cluster::fail_next(int broker_id, std::int16_t request, std::int16_t code) {
  constexpr int no_delay = 0;
  // Sets the failure at one broker, because librdkafka counts remaining failures for each broker
  // and not for the cluster.
  rd_kafka_mock_broker_push_request_error_rtts(cluster_.get(), broker_id, request, 1,
                                               static_cast<rd_kafka_resp_err_t>(code), no_delay);
}

std::size_t mock_cluster::failures_left(int broker_id, std::int16_t request) const {
  std::size_t count = 0;
  rd_kafka_mock_broker_error_stack_cnt(cluster_.get(), broker_id, request, &count);
  return count;
}

void mock_cluster::move_leader(const std::string& topic, std::int32_t partition, int broker_id) {
  rd_kafka_mock_partition_set_leader(cluster_.get(), topic.c_str(), partition, broker_id);
}

void mock_cluster::move_coordinator(const std::string& group, int broker_id) {
  rd_kafka_mock_coordinator_set(cluster_.get(), "group", group.c_str(), broker_id);
}

std::string mock_cluster::obey(const std::string& order) {
  std::istringstream words{order};
  std::string what;
  std::string name;
  int broker_id = 0;
  std::int32_t number = 0;
  std::int16_t code = 0;
  words >> what >> broker_id;
  if (what == "up" || what == "down")
    set_up(broker_id, what == "up");
  else if (what == "fail" && words >> number >> code)
    fail_next(broker_id, static_cast<std::int16_t>(number), code);
  else if (what == "left" && words >> number)
    return std::to_string(failures_left(broker_id, static_cast<std::int16_t>(number)));
  else if (what == "leader" && words >> number >> name)
    move_leader(name, number, broker_id);
  else if (what == "coordinator" && std::getline(words >> std::ws, name))
    move_coordinator(name, broker_id);
  return "done";
}

} // namespace ottla::kafka

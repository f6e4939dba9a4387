// How long until a group handles each of 1,000 partitions of a far broker, and knows their lag?

#include <ottla/actors/call.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/supervision/application.hpp>

#include "support/arrivals.hpp"
#include "support/brokers.hpp"
#include "support/fresh_name.hpp"
#include "support/raw_producer.hpp"
#include "support/scratch_topic.hpp"
#include "support/slow_link.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

using steady = std::chrono::steady_clock;

constexpr std::int32_t partitions = 1'000;
constexpr auto one_way = 20ms;
constexpr auto patience = 120s;

double seconds_since(steady::time_point begin) {
  return std::chrono::duration<double>{steady::now() - begin}.count();
}

void fill(const std::string& brokers, const std::string& topic) {
  bench::raw_producer to{brokers, topic, 5ms};
  for (std::int32_t partition = 0; partition < partitions; ++partition)
    to.produce(partition, "", "x");
  to.flush();
}

std::vector<double> assign_and_ask(const std::string& brokers, const std::string& topic,
                                   std::chrono::milliseconds fetch_wait) {
  const auto seen = std::make_shared<bench::arrivals>();
  const auto began = steady::now();
  ottla::application app{
    {.id = "member",
     .children = {kafka::connection{.name = "c",
                                    .brokers = brokers,
                                    .group_consumer = kafka::group_consumer{
                                      .group = bench::fresh_name("assignment"),
                                      .topics = {topic},
                                      .handler = kafka::handler<bench::noting_handler>(seen),
                                      .fetch_wait = fetch_wait}}}}};
  seen->await(partitions, patience);
  const auto assigned = seconds_since(began);
  // All messages are handled and the topic is idle, so each fetch waits for its whole fetch_wait.
  const auto ask = [&] {
    const auto asked = steady::now();
    const auto lag = ottla::call<kafka::lag_report>(app.system(), app.find("c/coordinator"),
                                                    patience, kafka::get_lag{});
    if (!lag || lag->partitions.size() != partitions)
      throw std::runtime_error{"the lag is still unknown"};
    return seconds_since(asked);
  };
  const auto first = ask();
  const auto second = ask();
  app.stop();
  return {assigned, first, second};
}

struct destroy {
  void operator()(rd_kafka_t* handle) const noexcept { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_message_t* message) const noexcept { rd_kafka_message_destroy(message); }
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept {
    rd_kafka_topic_partition_list_destroy(list);
  }
};

/// librdkafka alone. Its own code resolves the start offsets.
std::vector<double> assign_raw(const std::string& brokers, const std::string& topic) {
  auto* conf = rd_kafka_conf_new();
  std::string why(512, '\0');
  const auto group = bench::fresh_name("assignment");
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
         {"bootstrap.servers", brokers}, {"group.id", group}, {"auto.offset.reset", "earliest"}})
    rd_kafka_conf_set(conf, key.c_str(), value.c_str(), why.data(), why.size());
  const auto began = steady::now();
  const std::unique_ptr<rd_kafka_t, destroy> handle{
    rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size())};
  if (!handle)
    throw std::runtime_error{why};
  rd_kafka_poll_set_consumer(handle.get());
  const std::unique_ptr<rd_kafka_topic_partition_list_t, destroy> topics{
    rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(handle.get(), topics.get());
  std::set<std::int32_t> seen;
  while (seen.size() < partitions) {
    const std::unique_ptr<rd_kafka_message_t, destroy> one{
      rd_kafka_consumer_poll(handle.get(), 100)};
    if (one && one->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      seen.insert(one->partition);
    if (steady::now() - began > patience)
      throw std::runtime_error{fmt::format("only {} partitions delivered a message", seen.size())};
  }
  const auto assigned = seconds_since(began);
  rd_kafka_consumer_close(handle.get());
  return {assigned};
}

} // namespace

int main(int argc, char** argv) {
  const auto broker = bench::brokers_of("OTTLA_BROKERS");
  const bench::slow_link link{broker, one_way};
  const bench::scratch_topic topic{broker, partitions};
  fill(broker, topic.name());
  bench::suite all;
  const auto round_trip = (2 * one_way).count();
  for (const std::chrono::milliseconds fetch_wait : {500ms, 20'000ms})
    all.add(
      {.name = fmt::format("{} partitions, {} ms round trip, fetch_wait {} ms", partitions,
                           round_trip, fetch_wait.count()),
       .measures = {{.what = "start to a message of each partition",
                     .unit = "s",
                     .bars = {bench::at_most(3, "")}},
                    {.what = "first get_lag", .unit = "s", .bars = {bench::at_most(1, "")}},
                    {.what = "second get_lag", .unit = "s", .bars = {bench::at_most(1, "")}}},
       .ours = [&, fetch_wait] { return assign_and_ask(link.brokers(), topic.name(), fetch_wait); },
       .rounds = 3});
  all.add({.name = fmt::format("librdkafka alone: {} partitions, {} ms round trip", partitions,
                               round_trip),
           .measures = {{.what = "start to a message of each partition", .unit = "s"}},
           .ours = [&] { return assign_raw(link.brokers(), topic.name()); },
           .rounds = 3});
  return all.run(argc, argv);
}

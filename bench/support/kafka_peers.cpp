#include "support/kafka_peers.hpp"

#include <ottla/kafka/producer/producer_settings.hpp>

#include "support/scratch_topic.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace bench {

std::shared_ptr<peer> java_peer() {
  return std::make_shared<peer>(java_client, OTTLA_BENCH_PEERS "/java/run");
}

std::shared_ptr<peer> go_peer() {
  return std::make_shared<peer>(franz_go, OTTLA_BENCH_PEERS "/go/run");
}

std::vector<double> poll_and_commit(peer& by, const std::string& brokers,
                                    const ottla::kafka::group_consumer& like,
                                    const filled_topic& topic) {
  return by.ask(fmt::format("consume {} {} {} {} {} {} {}", brokers, like.group, topic.name(),
                            topic.messages, like.batch_size, like.commit_interval.count(),
                            like.fetch_wait.count()));
}

producing_figures produce_by_peer(peer& by, const std::string& brokers,
                                  const producing_load& what) {
  const scratch_topic topic{brokers, what.partitions};
  const ottla::kafka::producer_settings like;
  const auto figures = by.ask(fmt::format(
    "produce {} {} {} {} {} {}", brokers, topic.name(), what.records, what.record_bytes,
    std::chrono::microseconds{like.linger} / std::chrono::milliseconds{1}, like.buffer_bytes));
  const auto records = static_cast<double>(what.records);
  if (figures.at(2) != records)
    throw std::runtime_error{fmt::format("only {} of {} records are stored", figures[2], records)};
  return {.million_a_second = records / 1e6 / figures[1],
          .cpu_seconds_a_million = figures[0] / (records / 1e6)};
}

} // namespace bench

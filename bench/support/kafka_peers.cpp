#include "support/kafka_peers.hpp"

#include <fmt/format.h>

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

} // namespace bench

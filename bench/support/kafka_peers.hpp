#pragma once

#include <ottla/kafka/consumer/group_consumer.hpp>

#include "support/filled_topic.hpp"
#include "support/peer.hpp"
#include "support/producing_loop.hpp"

#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Kafka's own client for Java, and franz-go: the alternatives that users have. For the commands
/// see peers/java/src/main/java/ottla/Peer.java and peers/go/main.go. Units: seconds and bytes.
std::shared_ptr<peer> java_peer();
std::shared_ptr<peer> go_peer();

inline constexpr const char* java_client = "Java client";
inline constexpr const char* franz_go = "franz-go";

/// Runs the peer's poll-and-commit loop over the topic, with the settings of `like`. Returns
/// cpu-seconds, seconds, messages and bytes.
std::vector<double> poll_and_commit(peer& by, const std::string& brokers,
                                    const ottla::kafka::group_consumer& like,
                                    const filled_topic& topic);

/// Runs the peer's producing loop with ottla's default linger and buffer. Throws std::runtime_error
/// if a record is not stored.
producing_figures produce_by_peer(peer& by, const std::string& brokers, const producing_load& what);

} // namespace bench

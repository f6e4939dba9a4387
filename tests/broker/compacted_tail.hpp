#pragma once

#include "broker/broker.hpp"
#include "kafka/internal/driver/raw_producer.hpp"
#include "kafka/internal/driver/raw_topic.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace ottla::kafka::test {

/// A topic of one partition whose records beyond the first `kept` were removed by compaction.
struct compacted_tail {
  std::string topic;
  std::int64_t kept = 10;
  std::int64_t erased = 200;
  /// The log's end. The last two offsets belong to an aborted record and its marker.
  std::int64_t end = 0;
};

/// Makes such a topic, and waits until the broker has compacted it.
inline compacted_tail make_compacted_tail() {
  compacted_tail made{.topic = fresh_name("compacted-tail")};
  make_topic(brokers(), made.topic,
             {{"cleanup.policy", "compact"},
              {"segment.ms", "100"},
              {"min.cleanable.dirty.ratio", "0.01"},
              {"max.compaction.lag.ms", "100"},
              {"delete.retention.ms", "0"}});
  raw_producer to{brokers()};
  for (int number = 0; number < made.kept; ++number)
    to.send(made.topic, "kept", fmt::format("kept-{}", number));
  for (int number = 0; number < made.erased; ++number)
    to.send(made.topic, "erased", fmt::format("erased-{}", number));
  for (int number = 0; number < made.erased; ++number)
    to.erase(made.topic, fmt::format("erased-{}", number));
  to.flush();
  made.end = made.kept + 2 * made.erased;
  // A broker never cleans the newest segment, and deletes a tombstone only in a later pass. So
  // aborted records roll the segments.
  raw_producer rolls{brokers(), made.topic};
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  do {
    rolls.begin();
    rolls.send(made.topic, "aborted", "rolls");
    rolls.flush();
    rolls.abort();
    made.end += 2;
  } while (static_cast<std::int64_t>(offsets_shown(brokers(), made.topic).size()) > made.kept
           && std::chrono::steady_clock::now() < until);
  return made;
}

} // namespace ottla::kafka::test

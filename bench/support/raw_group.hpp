#pragma once

#include <ottla/kafka/consumer/group_consumer.hpp>

#include "support/tally.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace bench {

/// The fetch settings of a raw loop.
enum class raw_fetching {
  /// Fetches into as much memory as a group_consumer of these settings may use.
  like_ours,
  /// The defaults of librdkafka.
  default_settings,
};

/// The floor of consuming: librdkafka in a loop without a framework, with one thread, one queue and
/// batches of batch_size. Uses the settings and commits of `like` for a topic with this many
/// partitions. The handler of `like` is unused. Returns when the tally is full. Throws if no
/// message arrives for 30 s. `work` is the time that the loop spends on each message.
void consume_raw(const std::string& brokers, const ottla::kafka::group_consumer& like,
                 std::size_t partitions, tally& into,
                 raw_fetching fetching = raw_fetching::like_ours,
                 std::chrono::nanoseconds work = {});

} // namespace bench

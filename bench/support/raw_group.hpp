#pragma once

#include <ottla/kafka/group_consumer.hpp>

#include "support/tally.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace bench {

/// The fetch settings of a raw loop.
enum class raw_fetching {
  /// The memory that a group_consumer of these settings may use for its partitions.
  like_ours,
  /// The defaults of librdkafka.
  default_settings,
};

/// The floor of consuming: librdkafka and a loop, one thread, one queue, batches of batch_size,
/// without a framework. Settings and commits are those of `like` for a topic with so many
/// partitions, its handler is not asked. Returns when the tally is full; throws where nothing comes
/// for long. `work` is the time that the loop spends on each message.
void consume_raw(const std::string& brokers, const ottla::kafka::group_consumer& like,
                 std::size_t partitions, tally& into,
                 raw_fetching fetching = raw_fetching::like_ours,
                 std::chrono::nanoseconds work = {});

} // namespace bench

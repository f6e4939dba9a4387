#pragma once

#include <ottla/kafka/group_consumer.hpp>

#include "support/tally.hpp"

#include <cstddef>
#include <string>

namespace bench {

/// The floor of consuming: librdkafka and a loop, one thread, one queue, batches of batch_size,
/// without a framework. Settings and commits are those of `like` for a topic with so many
/// partitions, its handler is not asked. Returns when the tally is full; throws where nothing comes
/// for long.
void consume_raw(const std::string& brokers, const ottla::kafka::group_consumer& like,
                 std::size_t partitions, tally& into);

} // namespace bench

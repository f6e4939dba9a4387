#pragma once

#include <ottla/kafka/begin_offset.hpp>
#include <ottla/kafka/client/events.hpp>

#include <librdkafka/rdkafka.h>

#include <functional>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Where each partition is to be begun; see `resolved`. Blocks, for some seconds where brokers do
/// not answer; gives up in between when told to.
std::vector<position> look_up_offsets(rd_kafka_t* consumer,
                                      std::span<const topic_partition> partitions,
                                      const begin_offset& otherwise,
                                      const std::function<bool()>& give_up);

} // namespace ottla::kafka

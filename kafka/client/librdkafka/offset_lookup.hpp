#pragma once

#include <ottla/kafka/begin_offset.hpp>
#include <ottla/kafka/client/events.hpp>

#include <librdkafka/rdkafka.h>

#include <functional>
#include <span>
#include <vector>

namespace ottla::kafka {

// Both block, for some seconds where brokers do not answer; they give up in between when told to.

struct beginning_rules {
  /// Where the group has committed nothing.
  begin_offset otherwise;
  /// Where the wanted offset is not in the log.
  begin_offset when_missing;
};

/// Where each partition is to be begun; see `resolved`.
std::vector<beginning> look_up_beginnings(rd_kafka_t* consumer,
                                          std::span<const topic_partition> partitions,
                                          const beginning_rules& rules,
                                          const std::function<bool()>& give_up);

/// How far each log goes; see `ends_known`.
std::vector<position> look_up_ends(rd_kafka_t* consumer,
                                   std::span<const topic_partition> partitions,
                                   const std::function<bool()>& give_up);

} // namespace ottla::kafka

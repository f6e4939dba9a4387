#pragma once

#include <ottla/kafka/client/librdkafka/fetch_watch.hpp>
#include <ottla/kafka/client/librdkafka/join_watch.hpp>
#include <ottla/kafka/client/librdkafka/spent_messages.hpp>

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <memory>

namespace ottla::kafka {

/// What the threads of a consumer's handle come by. It outlives the handle.
struct interceptors {
  std::unique_ptr<spent_messages> spent;
  std::unique_ptr<join_watch> joins;
  /// Null where librdkafka looks by itself whether there is room again.
  std::unique_ptr<fetch_watch> fetches;
};

/// For a handle made from `conf` later, that fetches no more into a queue of so many bytes.
interceptors intercept(rd_kafka_conf_t* conf, std::size_t prefetch_bytes);

} // namespace ottla::kafka

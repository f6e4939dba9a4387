#pragma once

#include <ottla/kafka/client/librdkafka/fetch_watch.hpp>
#include <ottla/kafka/client/librdkafka/join_watch.hpp>
#include <ottla/kafka/client/librdkafka/spent_messages.hpp>

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <optional>

namespace ottla::kafka {

/// What the threads of a consumer's handle come by, with their requests and with the answers.
struct interceptors {
  /// For a handle that fetches no more into a queue of `prefetch_bytes`; `free` is how its messages
  /// are freed.
  interceptors(spent_messages::free_function free, std::size_t prefetch_bytes);

  /// Freed with each answer, before the thread looks into it.
  spent_messages spent;
  join_watch joins;
  /// None where librdkafka looks by itself whether there is room again.
  std::optional<fetch_watch> fetches;
};

/// For a handle made from `conf` later, which `by` must outlive.
void intercept(rd_kafka_conf_t* conf, interceptors& by);

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/client/librdkafka/fetch_watch.hpp>
#include <ottla/kafka/client/librdkafka/join_watch.hpp>
#include <ottla/kafka/client/librdkafka/spent_messages.hpp>

#include <librdkafka/rdkafka.h>

namespace ottla::kafka {

/// What the threads of a consumer's handle come by, with their requests and with the answers.
struct interceptors {
  /// `free` is how messages of the handle are freed.
  explicit interceptors(spent_messages::free_function free) : spent{free} {}

  /// Freed with each answer, before the thread looks into it.
  spent_messages spent;
  join_watch joins;
  fetch_watch fetches;
};

/// For a handle made from `conf` later, which `by` must outlive.
void intercept(rd_kafka_conf_t* conf, interceptors& by);

} // namespace ottla::kafka

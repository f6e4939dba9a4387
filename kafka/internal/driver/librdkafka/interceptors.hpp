#pragma once

#include <ottla/kafka/internal/driver/librdkafka/answer_times.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_watch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/join_watch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/spent_messages.hpp>

#include <librdkafka/rdkafka.h>

#include <memory>
#include <utility>

namespace ottla::kafka {

/// The objects that a handle's threads update with each request and each answer.
struct interceptors {
  /// `free` frees messages of the handle.
  explicit interceptors(spent_messages::free_function free, std::shared_ptr<broker_contact> contact
                                                            = std::make_shared<broker_contact>())
    : spent{free}, brokers{std::move(contact)} {}
  /// For a producer's handle.
  explicit interceptors(std::shared_ptr<broker_contact> contact);

  /// A thread frees its messages at each answer, before it parses the answer.
  spent_messages spent;
  join_watch joins;
  fetch_watch fetches;
  std::shared_ptr<broker_contact> brokers;
  /// Read from the handle's configuration.
  answer_times times;
};

/// A handle that is opened with `conf` later updates `by`. `by` must outlive the handle.
void intercept(rd_kafka_conf_t* conf, interceptors& by);

/// Notes in `by` which brokers admit a look-up handle that is opened with `conf` later. `by` must
/// outlive the handle. The handle's answers do not count as signs of life, since `by` reports those
/// of the handles in use.
void note_served_brokers(rd_kafka_conf_t* conf, broker_contact& by);

} // namespace ottla::kafka

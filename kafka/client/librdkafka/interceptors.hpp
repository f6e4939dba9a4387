#pragma once

#include <ottla/kafka/client/librdkafka/answer_times.hpp>
#include <ottla/kafka/client/librdkafka/broker_contact.hpp>
#include <ottla/kafka/client/librdkafka/fetch_watch.hpp>
#include <ottla/kafka/client/librdkafka/join_watch.hpp>
#include <ottla/kafka/client/librdkafka/spent_messages.hpp>

#include <librdkafka/rdkafka.h>

#include <memory>
#include <utility>

namespace ottla::kafka {

/// What the threads of a handle come by, with their requests and with the answers.
struct interceptors {
  /// `free` is how messages of the handle are freed.
  explicit interceptors(spent_messages::free_function free, std::shared_ptr<broker_contact> contact
                                                            = std::make_shared<broker_contact>())
    : spent{free}, brokers{std::move(contact)} {}
  /// For a producer's handle.
  explicit interceptors(std::shared_ptr<broker_contact> contact);

  /// Freed with each answer, before the thread looks into it.
  spent_messages spent;
  join_watch joins;
  fetch_watch fetches;
  std::shared_ptr<broker_contact> brokers;
  /// As the handle is configured.
  answer_times times;
};

/// For a handle made from `conf` later, which `by` must outlive.
void intercept(rd_kafka_conf_t* conf, interceptors& by);

/// For a handle of look-ups, made from `conf` later, which `by` must outlive: notes which brokers
/// admit the client. The answers do not count as signs of life, since `by` tells those of the
/// handles in use.
void note_served_brokers(rd_kafka_conf_t* conf, broker_contact& by);

} // namespace ottla::kafka

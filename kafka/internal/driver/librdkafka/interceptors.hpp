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

/// Objects that a handle's threads update with each request and each response.
struct interceptors {
  /// `free` frees messages of the handle.
  explicit interceptors(spent_messages::free_function free, std::shared_ptr<broker_contact> contact
                                                            = std::make_shared<broker_contact>())
    : spent{free}, brokers{std::move(contact)} {}
  /// For a producer's handle.
  explicit interceptors(std::shared_ptr<broker_contact> contact);

  /// A broker thread frees its spent messages at each response, before parsing the response.
  spent_messages spent;
  join_watch joins;
  fetch_watch fetches;
  std::shared_ptr<broker_contact> brokers;
  /// Read from the handle's configuration.
  answer_times times;
};

/// Adds interceptors to `conf`. The handle that is opened with `conf` updates `by`. `by` must
/// outlive the handle.
void intercept(rd_kafka_conf_t* conf, interceptors& by);

/// Adds an interceptor to the `conf` of a look-up handle. The interceptor notes in `by` which
/// brokers accept the settings. `by` must outlive the handle. Responses to look-ups do not change
/// the time of the last answer, because that time is about consumers and producers.
void note_served_brokers(rd_kafka_conf_t* conf, broker_contact& by);

} // namespace ottla::kafka

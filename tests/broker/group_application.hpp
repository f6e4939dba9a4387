#pragma once

#include <ottla/kafka/connection.hpp>
#include <ottla/supervision/application.hpp>

#include "broker/broker.hpp"
#include "broker/deliveries.hpp"

#include <memory>
#include <string>
#include <utility>

namespace ottla::kafka::test {

/// A consumer with short timeouts. The group has the name of the topic.
inline group_consumer quick_consumer(const std::string& topic, group_handler handler) {
  return {.group = topic,
          .topics = {topic},
          .handler = std::move(handler),
          .batch_size = 100,
          .commit_interval = std::chrono::milliseconds{100},
          .session_timeout = std::chrono::milliseconds{6'000},
          .heartbeat_interval = std::chrono::milliseconds{300},
          .fetch_wait = std::chrono::milliseconds{50}};
}

inline group_consumer quick_consumer(const std::string& topic,
                                     const std::shared_ptr<deliveries>& into) {
  return quick_consumer(topic, handler<noting_handler>(into));
}

/// A program whose one connection, "c", is a member of one group.
inline application_spec member_of(group_consumer how, std::shared_ptr<deliveries> seen) {
  return {.id = "app",
          .children = {connection{.name = "c",
                                  .brokers = brokers(),
                                  .group_consumer = std::move(how),
                                  .observer = std::move(seen)}}};
}

} // namespace ottla::kafka::test

#pragma once

#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>

#include "kafka/internal/driver/event_pump.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace ottla::kafka::test {

/// The addresses of Apache Kafka: OTTLA_BROKERS, which `./dev test --broker` sets.
inline std::string brokers() {
  const auto* given = std::getenv("OTTLA_BROKERS");
  REQUIRE(given != nullptr);
  return given;
}

/// A name for a topic or group that no other run uses.
inline std::string fresh_name(std::string_view what) {
  static int last = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return fmt::format("{}-{}-{}-{}", what, getpid(), now, ++last);
}

inline std::vector<topic_partition> partitions_of(const std::string& topic, std::int32_t count) {
  std::vector<topic_partition> all;
  for (std::int32_t partition = 0; partition < count; ++partition)
    all.push_back({topic, partition});
  return all;
}

inline std::string fresh_topic(std::string_view what, std::int32_t partitions,
                               std::int16_t replicas = 1, const std::string& at = brokers()) {
  auto name = fresh_name(what);
  const auto created = create_topic(
    {.brokers = at}, {.name = name, .partitions = partitions, .replicas = replicas}, 20s);
  REQUIRE_MESSAGE(created, (created ? "" : to_string(created.error())));
  return name;
}

/// Stores `count` messages in each partition. Each value is the message's offset.
inline void store_numbered(const std::string& topic, std::int32_t partitions, std::size_t count,
                           std::size_t first = 0) {
  const auto kafka = make_librdkafka_driver({.brokers = brokers()});
  for (std::int32_t partition = 0; partition < partitions; ++partition)
    store(*kafka, topic, numbered(count, first), partition);
}

/// The broker's view of a group's partitions: the log's range and the committed offset, which is 0
/// if nothing was committed. The look-up does not join the group.
inline std::vector<beginning> standing(const std::string& group,
                                       const std::vector<topic_partition>& partitions,
                                       const std::string& at = brokers()) {
  const auto kafka = make_librdkafka_driver({.brokers = at});
  member asking{kafka->open_consumer({.group = group})};
  asking->resolve(partitions, at_offset{0}, earliest{});
  auto answer = asking.expect<resolved>(60s);
  for (const auto& one : answer.beginnings)
    REQUIRE_MESSAGE(!one.failed, to_string(one.failed.value_or(error{})));
  return std::move(answer.beginnings);
}

} // namespace ottla::kafka::test

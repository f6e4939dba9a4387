#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_member.hpp>

#include "event_pump.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace ottla::kafka::test {

/// Opens a cooperative member of the group "g". The native handle's threads call `threads`. A test
/// may keep a pointer into `threads`, or pass `pauses` to observe pause calls.
inline std::variant<std::unique_ptr<consumer_handle>, error>
open_cooperative_member(const std::string& brokers, std::unique_ptr<interceptors> threads,
                        pausing pauses = {}) {
  auto settings = quick("g");
  settings.strategy = assignor::cooperative_sticky;
  const cluster_settings common{.brokers = brokers};
  auto conf = configure_consumer(common, settings);
  intercept(conf.get(), *threads);
  return std::make_unique<group_member>(
    std::get<rd_kafka_t*>(conf.open(RD_KAFKA_CONSUMER)), std::move(threads), settings.memory,
    std::make_unique<offset_lookup>(common, settings), std::move(pauses));
}

} // namespace ottla::kafka::test

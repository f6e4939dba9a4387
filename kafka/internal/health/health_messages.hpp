#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/error.hpp>

#include <optional>

namespace ottla::kafka {

/// A request to brokers for a sign of life has ended. `failed` is nullopt if a broker answered.
struct brokers_asked {
  std::optional<error> failed = std::nullopt;
};

/// Sent by the health process to processes that call hooks of the program. The answer is empty.
struct sign_of_life {};

/// Sent by the health process to itself.
struct check_brokers {};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_broker_health, ottla::kafka_type_ids + 47)
OTTLA_MESSAGE(ottla_kafka_broker_health, (ottla::kafka::brokers_asked))
OTTLA_MESSAGE(ottla_kafka_broker_health, (ottla::kafka::check_brokers))
OTTLA_MESSAGE(ottla_kafka_broker_health, (ottla::kafka::sign_of_life))
OTTLA_MESSAGES_END(ottla_kafka_broker_health)

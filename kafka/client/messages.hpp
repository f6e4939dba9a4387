#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/record.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

/// To the shared client: produce these; answered like `produce`.
struct send_records {
  std::string topic = {};
  std::int32_t partition = -1;
  std::vector<record> records = {};
};

/// The shared client to itself.
struct producer_woke {};
struct flush_deadline {};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_client, ottla::kafka_type_ids + 20)
OTTLA_MESSAGE(ottla_kafka_client, (ottla::kafka::send_records))
OTTLA_MESSAGE(ottla_kafka_client, (ottla::kafka::producer_woke))
OTTLA_MESSAGE(ottla_kafka_client, (ottla::kafka::flush_deadline))
OTTLA_MESSAGES_END(ottla_kafka_client)

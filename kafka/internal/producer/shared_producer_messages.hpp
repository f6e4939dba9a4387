#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/internal/producer/send_buffer.hpp>
#include <ottla/kafka/record.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Makes the shared producer send these records. Answered like `produce`.
struct send_records {
  std::string topic = {};
  std::int32_t partition = -1;
  std::vector<record> records = {};
  /// The room of the records in the connection's buffer.
  std::shared_ptr<const send_buffer::room> room = nullptr;
};

/// The shared producer sends these to itself.
struct producer_woke {};
struct flush_deadline {};
struct report_deadline {};
struct check_idle {};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_shared_producer, ottla::kafka_type_ids + 20)
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::send_records))
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::producer_woke))
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::flush_deadline))
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::report_deadline))
OTTLA_MESSAGE(ottla_shared_producer, (ottla::kafka::check_idle))
OTTLA_MESSAGES_END(ottla_shared_producer)

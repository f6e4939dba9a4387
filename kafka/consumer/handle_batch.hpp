#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/consumer/held_batch.hpp>
#include <ottla/kafka/consumer/verdict.hpp>

#include <memory>

namespace ottla::kafka {

/// A worker sends its batches to a handler process in this message. Answered with a verdict.
struct handle_batch {
  std::shared_ptr<const held_batch> batch = nullptr;
  /// The partition of the batch and the worker's lease.
  std::shared_ptr<const assignment> lease = nullptr;
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_consumer, ottla::kafka_type_ids + 10)
OTTLA_MESSAGE(ottla_kafka_consumer, (ottla::kafka::handle_batch))
OTTLA_MESSAGE(ottla_kafka_consumer, (ottla::kafka::verdict))
OTTLA_MESSAGES_END(ottla_kafka_consumer)

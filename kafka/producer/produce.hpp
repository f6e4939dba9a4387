#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ottla::kafka {

/// To a topic's producer. Answered with `produced` when every record is reported, or when the
/// connection's shared_producer ends. An error means that nothing was sent. The error is noproc if
/// the topic's producer or the shared_producer had ended before.
///
/// All pending records of a connection share producer_settings::buffer_bytes. A produce that does
/// not fit is rejected at once: each of its records is a failure with errc::buffer_full.
struct produce {
  std::vector<record> records = {};
  /// Negative: chosen by key, as by Java's default partitioner, or at random without a key.
  std::int32_t partition = -1;
};

/// How a produce ended. Each record is stored or has a failure. A record with a failure is not
/// stored, unless may_be_stored is set.
struct produced {
  struct failure {
    std::size_t index = 0;
    error why = {};
    /// The record was sent and no answer came: nobody knows whether it is stored.
    bool may_be_stored = false;
  };
  std::size_t stored = 0;
  /// Sorted by index; empty when all are stored.
  std::vector<failure> failures = {};
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka, ottla::kafka_type_ids)
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produce))
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produced))
OTTLA_MESSAGES_END(ottla_kafka)

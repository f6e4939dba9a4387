#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ottla::kafka {

/// To a topic's producer: answered with `produced` when every record is reported, or when the
/// client ends. An error means that nothing was sent; noproc: producer or client had ended before.
///
/// All records that wait in a connection share producer_settings::buffer_bytes. Records beyond that
/// are refused at once, as failures with errc::buffer_full.
struct produce {
  std::vector<record> records = {};
  /// Negative: by key, as Java's default partitioner places it, at random without a key.
  std::int32_t partition = -1;
};

/// How a produce ended. Each record is stored, or has a failure: then it is not stored, or may be.
struct produced {
  struct failure {
    std::size_t index = 0;
    error why = {};
    /// The record was sent and no answer came: nobody knows whether it is stored.
    bool may_be_stored = false;
  };
  std::size_t stored = 0;
  /// By index; empty when all are stored.
  std::vector<failure> failures = {};
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka, ottla::kafka_type_ids)
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produce))
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produced))
OTTLA_MESSAGES_END(ottla_kafka)

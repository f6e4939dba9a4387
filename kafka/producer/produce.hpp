#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ottla::kafka {

/// Request to the producer of a topic. Answered with `produced` when the outcome of each record is
/// known, or when the connection's shared_producer ends. An error as the answer means that nothing
/// was sent. The caller may retry without a risk of duplicates:
/// - noproc: the topic's producer had already ended, or the shared_producer ended before it got the
///   request.
/// - crashed, with a text: the shared_producer was restarting or shutting down.
/// After a `timeout` of the call, the outcome is unknown, and a retry may store a record twice.
///
/// All pending records of a connection share producer_settings::buffer_bytes. A produce that does
/// not fit is rejected at once: each of its records is a failure with errc::buffer_full.
///
///     auto done = ottla::call<kafka::produced>(
///       app.system(), app.find("orders/producer/orders"), 30s,
///       kafka::produce{.records = {{.key = "Ada", .value = "a book"}}});
///     if (done && done->failures.empty())
///       fmt::print("{} stored\n", done->stored);
struct produce {
  std::vector<record> records = {};
  /// The partition of all records. If negative, the key of each record chooses the partition, as in
  /// Java's default partitioner. Records without a key get a random partition.
  std::int32_t partition = -1;
};

/// The outcome of a produce. Each record is stored or has a failure. A record with a failure is not
/// stored, unless may_be_stored is set.
struct produced {
  struct failure {
    /// Index of the record in produce::records.
    std::size_t index = 0;
    error why = {};
    /// The record was sent and no answer came, so its outcome is unknown. A retry may store the
    /// record twice.
    bool may_be_stored = false;
  };
  /// Number of stored records.
  std::size_t stored = 0;
  /// Sorted by index; empty when all are stored.
  std::vector<failure> failures = {};
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka, ottla::kafka_type_ids)
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produce))
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produced))
OTTLA_MESSAGES_END(ottla_kafka)

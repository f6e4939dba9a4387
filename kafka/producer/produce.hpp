#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/producer/record_place.hpp>
#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Records to produce to one topic. Hand them to a kafka::producer (producer.hpp), or send this
/// struct to the process `producer` of a connection. The process answers with `produced` when the
/// outcome of each record is known. An error as the answer means that the process ended before it
/// got the request. Nothing was sent, and a retry cannot store a record twice. After a `timeout` of
/// the call, the outcome is unknown.
///
///     auto done = ottla::call<kafka::produced>(
///       app.system(), app.find("orders/producer"), 30s,
///       kafka::produce{.topic = "orders", .records = {{.key = "Ada", .value = "a book"}}});
///     if (done && done->failures.empty())
///       fmt::print("{} stored\n", done->stored);
///
/// All pending records of a connection share producer_settings::buffer_bytes. If a produce does not
/// fit, the process rejects it at once, and each of its records is a failure with
/// errc::buffer_full.
struct produce {
  /// Required. If the topic does not exist, each record fails with errc::unknown_topic after about
  /// 5 s. If the name is illegal, each record fails at once with errc::bad_setting.
  std::string topic = {};
  std::vector<record> records = {};
  /// The partition of all records. If negative, the partitioner of the topic chooses the partition
  /// of each record (partitioner.hpp).
  std::int32_t partition = -1;
};

/// The outcome of one record.
enum class record_state : std::uint8_t {
  stored,
  /// A retry cannot store the record twice.
  not_stored,
  /// The record was handed to the Kafka client and no answer came. The record may be stored, and a
  /// retry may store it twice.
  unknown,
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
  /// Where each record is stored, by the index of the record. Empty if no record is stored.
  std::vector<record_place> places = {};
  /// The tag that the caller gave to producer::send. 0 in other answers.
  std::uint64_t tag = 0;

  /// The outcome of the record with this index, which must be below the number of records of the
  /// produce.
  record_state state_of(std::size_t index) const noexcept;
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka, ottla::kafka_type_ids)
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produce))
OTTLA_MESSAGE(ottla_kafka, (ottla::kafka::produced))
OTTLA_MESSAGES_END(ottla_kafka)

#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Default of ordered_records::chunk_bytes. When records are produced in order, each chunk has
/// fewer bytes than this bound. A record counts its key, its value, the names and values of its
/// headers, and 10 more bytes. Keep the bound below Kafka's message.max.bytes and max.request.size,
/// both about 1,000,000 by default.
inline constexpr std::size_t default_chunk_bytes = 900'000;

/// Records for producer::produce_in_order.
struct ordered_records {
  std::string topic = {};
  std::vector<record> records = {};
  /// The partition of all records. If negative, the partitioner of the topic chooses the partition
  /// of each record. The order then holds within each partition.
  std::int32_t partition = -1;
  std::size_t chunk_bytes = default_chunk_bytes;
};

/// The outcome of records that are produced in order, in chunks. A chunk is sent when all records
/// of the chunk before are stored. After the first chunk that is not stored completely, no further
/// chunk is sent. Each record is either counted in `stored`, or listed in `not_stored` or
/// `unknown`.
///
/// A record of chunk_bytes or more fits into no chunk. If the list has such a record, nothing is
/// sent. `why` then has the code errc::record_too_large, and its text names the record.
struct produced_in_order {
  /// Number of stored records.
  std::size_t stored = 0;
  /// The first failure. nullopt if all records are stored.
  std::optional<error> why = std::nullopt;
  /// The records that are known not to be stored, in the order of the request, whether they were
  /// rejected or never sent. A retry stores none of them twice.
  std::vector<record> not_stored = {};
  /// The records of the failed chunk that were sent and got no answer, in the order of the request.
  /// Each of them may be stored, so a retry may store it twice.
  std::vector<record> unknown = {};
  /// The tag that an actor gave to producer::produce_in_order. 0 for a thread.
  std::uint64_t tag = 0;
};

/// One line for people: `1331 of 2000 records are stored, then: timed_out: …text…`
std::string to_string(const produced_in_order& outcome);

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_in_order, ottla::kafka_type_ids + 5)
OTTLA_MESSAGE(ottla_kafka_in_order, (ottla::kafka::produced_in_order))
OTTLA_MESSAGES_END(ottla_kafka_in_order)

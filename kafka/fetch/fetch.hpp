#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/fetch/stored_record.hpp>
#include <ottla/kafka/result.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

struct fetch_settings {
  std::string topic = {};
  std::int32_t partition = 0;
  /// The first record to fetch. If the log no longer holds the offset, the fetch begins at the
  /// earliest record.
  begin_offset from = earliest{};
  /// Limits of the answer. Bytes count keys, values and headers. The first record may exceed
  /// `most_bytes`.
  std::size_t most_records = 10'000;
  std::size_t most_bytes = std::size_t{1024} * 1024;
  /// See stream_settings::read_committed. Kafka: isolation.level.
  bool read_committed = true;
};

struct fetched_records {
  topic_partition from = {};
  std::vector<stored_record> records = {};
  /// Fetch from this offset to continue.
  std::int64_t next = 0;
  /// The range of the log at the time of the call. `log_end` is the offset after the last readable
  /// record.
  std::int64_t log_begin = 0;
  std::int64_t log_end = 0;
};

/// Fetches records of one partition, once. Ends at `most_records`, at `most_bytes`, or at the end
/// that the log has at the time of the call. Does not wait for new records. The records own their
/// bytes. To read more than fits into memory, use a stream.
///
///     auto got = kafka::fetch({.brokers = "localhost:9092"}, {.topic = "orders"}, 10s);
///
/// Blocks for at most `within`, so call it from main or from a thread of the program, never from a
/// handler. Errors: errc::bad_setting, errc::unknown_topic, errc::unreachable and
/// errc::authentication_failed as for open_stream, errc::timed_out if no record arrives in time,
/// and errc::offset_out_of_range if `from` is beyond the end of the log. If a failure or the
/// deadline comes after some records, fetch() returns these records. (Elsa.fetch.)
result<fetched_records> fetch(const cluster_settings& cluster, const fetch_settings& what,
                              saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka

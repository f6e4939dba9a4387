#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

/// Records to produce. The key and the value of a record have `record_bytes` bytes together.
struct producing_load {
  std::size_t record_bytes = 100;
  std::int32_t partitions = 1;
  std::size_t records = 1'000'000;
};

/// The key of a record, 8 bytes.
std::string key_of(std::size_t number);

/// Figures of one run.
struct producing_figures {
  double million_a_second = 0;
  double cpu_seconds_a_million = 0;
};

/// librdkafka's producer in a loop with one thread: copies each record into librdkafka's buffer,
/// polls every 1,000 records, and flushes at the end. Idempotent, with librdkafka's partitioner
/// murmur2_random, the linger and the buffer of ottla's defaults. Throws std::runtime_error if a
/// record is not stored.
producing_figures produce_raw(const std::string& brokers, const producing_load& what);

/// `callers` threads, each with a librdkafka producer of its own. A thread produces a list of
/// `list` records, flushes, and produces the next list.
producing_figures produce_lists_raw(const std::string& brokers, const producing_load& what,
                                    std::size_t list, std::size_t callers);

} // namespace bench

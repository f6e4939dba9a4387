#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// Records to produce. The key and the value of a record have `record_bytes` bytes together.
struct producing_load {
  std::size_t record_bytes = 100;
  std::int32_t partitions = 1;
  std::size_t records = 1'000'000;
};

/// The key of a record, 8 bytes.
std::string key_of(std::size_t number);

/// Records that are produced by one call.
struct list_shape {
  std::size_t records = 100;
  /// Bytes of the key and the value together.
  std::size_t record_bytes = 100;

  std::size_t value_bytes() const { return record_bytes - key_of(0).size(); }
};

/// Threads that produce lists and wait for the answer of each list, in one partition.
struct list_load {
  /// Each thread repeats the shapes in turn. Thread n begins with shape n.
  std::vector<list_shape> shapes;
  /// Lists of each thread. A multiple of the number of shapes.
  std::size_t lists = 400;
  std::size_t callers = 1;

  const list_shape& list(std::size_t number) const { return shapes[number % shapes.size()]; }
  /// Records of all threads.
  std::size_t records() const;
};

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

/// Each thread has a librdkafka producer of its own. The thread produces a list, flushes, and
/// produces the next list.
producing_figures produce_lists_raw(const std::string& brokers, const list_load& what);

} // namespace bench

#pragma once

#include <ottla/kafka/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// A partitioner computes the partition of a key, without a broker. A program passes the result of
// partition_for() as produce::partition. A produce without a partition uses murmur2. All producers
// of a topic must use the same partitioner if records of one key have to stay in order. Which one
// to choose:
//
//   - murmur2: for nearly all topics. Equals the default of Java's clients and of Kafka Streams.
//   - md5: for topics that Elsa or Kaffe write to.
//   - random: for records without an order. Records with equal keys may get different partitions.
//   - round_robin: like random, with the same number of records in each partition.
//   - fixed_partition: for topics with one partition, and for tests.
//   - custom: for a rule of the program.

namespace ottla::kafka {

/// Java's default partitioner: toPositive(murmur2(key)) modulo the number of partitions, as in
/// org.apache.kafka.common.utils.Utils. An empty key is a key. Records without a key get a random
/// partition, which changes from batch to batch. Kafka: partitioner.class (librdkafka:
/// partitioner=murmur2_random, sticky.partitioning.linger.ms).
struct murmur2 {};

/// The partitioner `md5` of Elsa and Kaffe: the sum of the 16 bytes of the key's MD5 digest, modulo
/// the number of partitions. Records without a key are treated as records with an empty key, as in
/// Elsa, and so all of them get the same partition. The sum has few distinct values, so a topic
/// with more than about 100 partitions is filled unevenly.
struct md5 {};

/// Each record gets a random partition. All partitions are equally likely.
struct random {};

/// The records get the partitions in turn, beginning with partition 0. Each producer of a topic
/// counts its own records.
struct round_robin {};

/// All records get this partition. If the topic does not have the partition, the record fails with
/// errc::unknown_topic.
struct fixed_partition {
  std::int32_t partition = 0;
};

/// The program's own function.
struct custom {
  /// Returns a partition from 0 to `partitions` - 1. `key` and `value` are nullopt for a record
  /// without them, and are valid only during the call.
  ///
  /// Several threads may call the function at the same time. The function must not block. Only this
  /// record fails if the function throws (errc::other) or returns another number
  /// (errc::unknown_topic).
  std::function<std::int32_t(std::string_view topic, std::int32_t partitions,
                             std::optional<std::string_view> key,
                             std::optional<std::string_view> value)>
    function = {};
};

using partitioner = std::variant<murmur2, md5, random, round_robin, fixed_partition, custom>;

/// The partition that a record of this key gets in a topic with `partitions` partitions. Asks no
/// broker. Call from any thread.
///
///     const auto where = kafka::partition_for(kafka::murmur2{}, "orders", 12, "Ada");
///     if (where)
///       fmt::print("{}\n", *where); // prints 3
///
/// Fails with these errors:
/// - bad_setting: validate() finds a fault, or `partitions` is not above 0.
/// - unknown_topic: the chosen partition is not below `partitions`, or is negative.
/// - other: the key does not decide the partition, as with `random`, `round_robin`, and `murmur2`
///   without a key. Or the function of `custom` threw.
result<std::int32_t> partition_for(const partitioner& how, std::string_view topic,
                                   std::int32_t partitions, std::optional<std::string_view> key,
                                   std::optional<std::string_view> value = std::nullopt);

/// All faults of a partitioner, one line each: `WHOSE: fault`. Empty if there are none.
std::vector<std::string> validate(const partitioner& how, std::string_view whose);

} // namespace ottla::kafka

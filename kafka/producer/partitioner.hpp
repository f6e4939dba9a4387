#pragma once

#include <ottla/kafka/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// A partitioner chooses the partition of each record that is produced without a partition.
// producer_settings::partitioner is for all topics, and topic_producer_settings::partitioner for
// one topic. The default is murmur2. partition_for() computes the partition of a key without a
// broker. All producers of a topic must use the same partitioner if records of one key have to stay
// in order. Which one to choose:
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
/// partition with a leader, which changes after twice the linger time. Kafka: partitioner.class
/// (librdkafka: partitioner=murmur2_random, sticky.partitioning.linger.ms).
struct murmur2 {};

/// The partitioner `md5` of Elsa and Kaffe: the sum of the 16 bytes of the key's MD5 digest, modulo
/// the number of partitions. Records without a key are treated as records with an empty key, as in
/// Elsa, and so all of them get the same partition. The sum has few distinct values, so a topic
/// with more than about 100 partitions is filled unevenly.
struct md5 {};

/// Each record gets a random partition, whether the record has a key or not. All partitions are
/// equally likely. A record whose partition has no leader waits for one, like a record with a key.
/// Each record is placed alone, so batches are smaller than those of murmur2 without keys.
struct random {};

/// The records get the partitions in turn, beginning with partition 0, whether they have keys or
/// not. A record whose partition has no leader waits for one. Each producer of a topic counts its
/// own records, and begins with partition 0 again when its process restarts.
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
  /// Several threads may call the function at the same time: the threads that produce, and threads
  /// of the Kafka client. The function must not block, and must not produce. It must own what it
  /// uses, because a call may still run when the connection has ended. If the function throws
  /// (errc::other) or returns another number (errc::unknown_topic), only this record fails.
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

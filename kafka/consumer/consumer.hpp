#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/actors/start.hpp>
#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/consumer/handler.hpp>
#include <ottla/kafka/consumer/handler_process.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/topic_partition.hpp>
#include <ottla/supervision/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Returns where a partition begins, for a program that keeps offsets itself. Runs on a thread
/// outside the actor system, so it may block, for example on a database. The partitions of the
/// consumer wait meanwhile. An exception is reported to the observer and in `health`, and the
/// function is called again half a second later.
using begin_function = std::function<begin_offset(const topic_partition&)>;

/// Where a partition begins.
using consumer_begin = std::variant<earliest, latest, since, at_offset, begin_function>;

/// The offset of the next message to consume from a partition. All lower offsets are acknowledged.
struct next_offset {
  topic_partition where = {};
  std::int64_t offset = 0;
};

/// A consumer without a group: reads a topic, or some of its partitions, whatever other programs
/// read. Use it for a cache or a view that needs every message, or for a program that keeps its
/// offsets with its own data. Use a group_consumer to share the partitions among several programs,
/// and to keep the offsets in Kafka. Kafka stores nothing of a consumer without a group.
///
/// Workers, handlers, acknowledgements and their limits are the same as in a group. Each message is
/// handled at least once. Acknowledged offsets are kept in memory. They survive every crash in the
/// connection, and restarts of the connection, so a replacement of any process resumes after the
/// last acknowledged message. They are lost when the program ends, and when the connection is
/// deleted from its supervisor. Then `begin` decides.
///
/// The names of the processes begin with `consumer/` and the topic: for the connection "orders" and
/// the topic "prices" for example `orders/consumer/prices/coordinator`. These processes answer the
/// requests of group_requests.hpp, except subscribe_topics. `health` uses the same names.
/// (Elsa's consumer without a group, Elsa.Consumer.Supervisor.)
///
///     .consumers = {{.topic = "prices", .handler = kafka::handler<price_cache>()}}
struct consumer {
  /// Required.
  std::string topic = {};
  /// Numbers of the partitions to read. Empty for all partitions of the topic, including partitions
  /// that are added later. New partitions are found within connection::metadata_interval. A listed
  /// partition that does not exist is reported in `health`.
  std::vector<std::int32_t> partitions = {};
  /// Required. As group_consumer::handler. The fields of `assignment` that describe the group are
  /// empty or 0.
  group_handler handler = {};

  /// Where a partition begins if no acknowledged offset is in memory. `latest` applies to the
  /// partitions that the topic has when the consumer first sees the topic. A partition that is
  /// added later is read from its earliest record. A function decides for each partition.
  consumer_begin begin = earliest{};
  /// Where a partition begins or resumes if the log does not hold the chosen offset. As
  /// group_consumer::when_missing.
  begin_offset when_missing = earliest{};
  /// Stores offsets elsewhere. Gets the partitions whose acknowledged offset has changed, at every
  /// store_interval and at the end of the consumer. The first call for a partition has the offset
  /// where the partition begins, and comes before any message is acknowledged. Runs on a thread
  /// outside the actor system, so it may block. Calls do not overlap, and offsets arrive in order.
  /// An exception is reported to the observer and in `health`. A later call then has the same or
  /// higher offsets. A stop waits for the last call as a group waits for its last commit.
  ///
  /// If the program stores the results of its handler and the offset in one transaction, let the
  /// handler store the offset, and leave this function empty.
  std::function<void(std::span<const next_offset>)> store_offsets = {};
  /// How often store_offsets is called.
  saturating<std::chrono::milliseconds> store_interval{1'000};

  // The remaining settings are explained at the fields of group_consumer with the same names.

  std::size_t batch_size = 1'000;
  std::size_t max_unacknowledged = 100'000;
  /// Longest time for workers to finish when the consumer stops.
  saturating<std::chrono::milliseconds> drain_within{5'000};
  execution run_as = execution::scheduled;
  backoff_settings worker_restarts = {};
  saturating<std::chrono::milliseconds> handle_within{300'000};
  saturating<std::chrono::milliseconds> fetch_wait{500};
  std::optional<std::size_t> memory_bytes = {};
  /// Other librdkafka keys, applied last. Keys that ottla depends on are rejected.
  extra_settings extra = {};
};

/// Checks the settings. Returns each fault as one line; empty if there is no fault.
std::vector<std::string> validate(const consumer& settings);

} // namespace ottla::kafka

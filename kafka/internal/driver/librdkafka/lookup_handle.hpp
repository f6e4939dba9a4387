#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// An offset that was looked up.
struct log_offset {
  /// -1 if the log has no record from the given time on.
  std::int64_t offset = -1;
  /// Leader epoch of the record at the offset. For the end of the log, the epoch of the log's
  /// newest leader.
  std::int32_t epoch = -1;
};

using offset_or_error = std::variant<log_offset, error>;

/// The leaders of partitions, and the number of partitions of their topics.
struct topic_layout {
  std::map<topic_partition, std::variant<std::int32_t, error>> leaders;
  std::map<std::string, std::int32_t> partitions;
};

/// A librdkafka handle that only looks up offsets. A handle has one connection to each broker, and
/// a broker answers the requests of a connection in order. So on a consumer's own handle, each
/// look-up would wait for the end of a pending fetch. The isolation level belongs to a handle, so
/// look-ups at both levels need two handles.
///
/// The first look-up opens the handle. Until close(), the handle costs a connection to each broker
/// that was asked, and a thread for each broker of the cluster.
///
/// Thread safety: one thread at a time.
class lookup_handle {
public:
  using stop_signal = std::function<bool()>;
  /// Longest time of each function, unless the caller sets another.
  static constexpr std::chrono::milliseconds default_time{5'000};

  lookup_handle(cluster_settings common, consumer_handle_settings how, std::string isolation);

  /// Requests the leaders of these partitions from the cluster, because the handle's cached
  /// metadata may name a dead leader. Sends one request for all topics. Blocks for at most
  /// `within`.
  topic_layout find_leaders(std::span<const topic_partition> of,
                            std::chrono::milliseconds within = default_time);

  /// Looks up the offsets of each list. A list holds each partition at most once. The offset of a
  /// position is a time in milliseconds, RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END. The
  /// answers are in the order of the lists.
  ///
  /// Asks all leaders at the same time, with up to `most_in_a_request` partitions in each request.
  /// Blocks for at most `within`. If a leader does not answer, only that leader's
  /// partitions fail. If a broker rejects one partition of a request, the other partitions are
  /// requested again.
  std::vector<std::vector<offset_or_error>> ask(const topic_layout& where,
                                                std::span<const std::vector<position>> lists,
                                                const stop_signal& give_up,
                                                std::chrono::milliseconds within = default_time);

  /// The last failure of a connection, if any. The next successful find_leaders() forgets the
  /// failure.
  const std::optional<error>& complaint() const noexcept { return complaint_; }

  /// Number of pending events of the handle. find_leaders() and ask() leave no pending event.
  int waiting_events() const;

  /// Closes the connections. Blocks.
  void close();

private:
  std::optional<error> open();
  /// Reads all pending events, since librdkafka keeps every connection failure until it is read.
  void listen();
  /// Adds topics to the handle. One metadata request asks for all topics of the handle.
  std::optional<error> add_topics(std::span<const topic_partition> of);

  const cluster_settings common_;
  const consumer_handle_settings how_;
  const std::string isolation_;
  std::optional<error> complaint_;
  owned_handle native_;
  // Declared after native_, so that the topics are destroyed first.
  std::map<std::string, owned_topic> topics_;
};

} // namespace ottla::kafka

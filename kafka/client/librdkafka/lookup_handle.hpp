#pragma once

#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/client_settings.hpp>

#include <librdkafka/rdkafka.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

using offset_or_error = std::variant<std::int64_t, error>;

/// Where partitions are led, and how many partitions their topics have.
struct topic_layout {
  std::map<topic_partition, std::variant<std::int32_t, error>> leaders;
  std::map<std::string, std::int32_t> partitions;
};

/// Drops the events of a handle that nobody reads from: librdkafka keeps each failure of a
/// connection until somebody takes it. The member's handle tells of the same brokers.
void drop_events(rd_kafka_t* native);

/// A handle of librdkafka's for look-ups of offsets and nothing else. librdkafka has one connection
/// to each broker, and a broker answers the requests of a connection in order: on a consumer's own
/// handle each look-up waits for the end of a long poll. The isolation level belongs to a handle,
/// so whoever needs both levels has two handles.
///
/// Opens at the first question. Costs a connection to each broker that is asked, and a thread for
/// each broker of the cluster, until `close`.
///
/// Thread safety: one thread at a time.
class lookup_handle {
public:
  using stop_signal = std::function<bool()>;

  lookup_handle(client_settings common, consumer_settings how, std::string isolation);

  /// Asks the cluster anew where these partitions are led. What a handle knows may be older than
  /// the death of a leader. One request for all topics. Blocks for `metadata_timeout` at most.
  topic_layout find_leaders(std::span<const topic_partition> of);

  /// One question for each list. Each list holds a partition once; its `offset` is a time in
  /// milliseconds, RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END. The answers stand in the order
  /// of the lists: -1 where the log has nothing from that time on.
  ///
  /// All leaders are asked at the same time, each for all its partitions in one request. Blocks for
  /// `leader_timeout` at most: a leader that does not answer holds up nobody but itself. Where a
  /// broker refuses one partition of a request, the others are asked again without it.
  std::vector<std::vector<offset_or_error>> ask(const topic_layout& where,
                                                std::span<const std::vector<position>> lists,
                                                const stop_signal& give_up);

  /// How many events of the handle nobody has taken: `find_leaders` and `ask` leave none.
  int waiting_events() const;

  /// Lets go of the connections. Blocks while they close.
  void close();

private:
  struct destroy_handle {
    void operator()(rd_kafka_t* native) const noexcept { rd_kafka_destroy(native); }
  };
  struct destroy_topic {
    void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
  };

  std::optional<error> open();
  /// The handle then asks for all its topics at once.
  std::optional<error> add_topics(std::span<const topic_partition> of);

  const client_settings common_;
  const consumer_settings how_;
  const std::string isolation_;
  std::unique_ptr<rd_kafka_t, destroy_handle> native_;
  std::map<std::string, std::unique_ptr<rd_kafka_topic_t, destroy_topic>> topics_; // end first
};

} // namespace ottla::kafka

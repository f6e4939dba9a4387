#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

// Requests to a running group, for ottla::call. Send find_worker to the group manager, and all
// other requests to the coordinator: `orders/coordinator` for the connection "orders". A consumer
// without a group answers them too, except subscribe_topics. Its coordinator for the topic "prices"
// is `orders/consumer/prices/coordinator`.

/// Subscribes to further topics. Topics that are already subscribed are ignored. A subscription
/// survives all restarts, even of the connection, and ends when the connection is deleted from its
/// supervisor (delete_child). Answered with `subscription` at once. The next rebalance assigns the
/// new partitions. (Kaffe.Subscriber's topics at run time.)
struct subscribe_topics {
  std::vector<std::string> topics = {};
};

/// Asks for the subscribed topics. Answered with `subscription`.
struct get_subscription {};

/// All subscribed topics, in the order they were added.
struct subscription {
  std::vector<std::string> topics = {};
};

/// Pauses delivery of these topics until resume_topics. Handlers finish their current batches.
/// Paused topics stay assigned, and are fetched until their memory is full. A pause survives
/// all restarts, also of the connection, and ends when the connection's child is deleted. A topic
/// can be paused before it is subscribed. Answered with `paused_topics`.
struct pause_topics {
  std::vector<std::string> topics = {};
};

/// Resumes delivery of these topics. Answered with `paused_topics`.
struct resume_topics {
  std::vector<std::string> topics = {};
};

/// All paused topics, sorted by name.
struct paused_topics {
  std::vector<std::string> topics = {};
};

/// Asks for the lag of this member's partitions. The coordinator queries the brokers for the ends
/// of the logs. Answered with `lag_report`, or with an error. Empty before the first assignment.
struct get_lag {};

/// Lag of this member's partitions.
struct lag_report {
  struct entry {
    topic_partition where = {};
    /// The first offset that is not acknowledged.
    std::int64_t next = 0;
    /// The offset after the last readable record: the last stable offset, as in Java's consumer, or
    /// the high watermark if `isolation.level` is read_uncommitted. Records of an open transaction,
    /// and records after them, do not count yet.
    std::int64_t end = 0;
    /// Number of offsets from `next` to `end`. Log gaps count, as in Kafka's own tools.
    std::int64_t lag() const noexcept { return end > next ? end - next : 0; }
  };
  /// Sorted by topic and partition.
  std::vector<entry> partitions = {};
};

/// Asks for the committed offsets of this member's partitions, as far as the member knows them.
/// Answered with `committed_offsets`. (Elsa.Group.Manager's get_committed_offsets.)
struct get_committed_offsets {};

struct committed_offsets {
  struct entry {
    topic_partition where = {};
    /// Offset of the next message to consume.
    std::int64_t offset = 0;
  };
  /// Sorted by topic and partition. Omits partitions without a committed offset.
  std::vector<entry> partitions = {};
};

/// Leaves the group at once, without waiting for batches. Messages that were acknowledged since the
/// last commit are not committed, so the next owner of their partitions gets them again. Answered
/// with `group_aborted` when the member has left, after 900 ms at the latest. The connection
/// consumes nothing until it is restarted. A later stop does not wait for the group.
struct abort_group {};

struct group_aborted {};

/// Asks the group manager, `orders/group_manager`, for the worker of a partition. Answered with
/// `worker_found`. The answer waits while the worker is being started or replaced. If that takes
/// more than a minute, the request fails. (Kaffe.WorkerManager.worker_for.)
struct find_worker {
  topic_partition where = {};
};

struct worker_found {
  /// Null if this member does not have the partition.
  caf::actor process = {};
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_requests, ottla::kafka_type_ids + 30)
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::subscribe_topics))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::get_subscription))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::subscription))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::pause_topics))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::resume_topics))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::paused_topics))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::get_lag))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::lag_report))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::get_committed_offsets))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::committed_offsets))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::abort_group))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::group_aborted))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::find_worker))
OTTLA_MESSAGE(ottla_kafka_requests, (ottla::kafka::worker_found))
OTTLA_MESSAGES_END(ottla_kafka_requests)

#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

// What a running group can be asked, with ottla::call. For its coordinator (`orders/coordinator`,
// where "orders" is the connection), but for find_worker.

/// Consume these topics too; those that are subscribed already change nothing. It lasts as long as
/// the connection's spec does, across restarts. Answered with `subscription` at once; the
/// partitions come with the rebalance that follows. (Kaffe.Subscriber's topics at run time.)
struct subscribe_topics {
  std::vector<std::string> topics = {};
};

/// Answered with `subscription`.
struct get_subscription {};

/// What is subscribed, in the order of asking.
struct subscription {
  std::vector<std::string> topics = {};
};

/// Nothing of these topics is handled until they are resumed; what is in hand is finished. They
/// stay assigned, and fetched as far as memory goes. It lasts like a subscription, and may be asked
/// before the topic is subscribed. Answered with `paused_topics`.
struct pause_topics {
  std::vector<std::string> topics = {};
};

/// Answered with `paused_topics`.
struct resume_topics {
  std::vector<std::string> topics = {};
};

/// Those that are paused now, by name.
struct paused_topics {
  std::vector<std::string> topics = {};
};

/// How far the group is behind the ends of the partitions this member has. Asks the brokers;
/// answered with `lag_report`, with an error where they cannot be asked.
struct get_lag {};

struct lag_report {
  struct entry {
    topic_partition where = {};
    /// The first offset that is not acknowledged.
    std::int64_t next = 0;
    /// Behind the last record that may be read: the last stable offset, as in Java's consumer, or
    /// the high watermark where `isolation.level` is read_uncommitted. While a transaction is open,
    /// its records and those behind them do not count yet.
    std::int64_t end = 0;
    /// Offsets in between. Gaps of the log count, as Kafka's own tools count them.
    std::int64_t lag() const noexcept { return end > next ? end - next : 0; }
  };
  /// By topic and partition.
  std::vector<entry> partitions = {};
};

/// What the group has committed of the partitions this member has, as far as this member knows.
/// Answered with `committed_offsets`. (Elsa.Group.Manager's get_committed_offsets.)
struct get_committed_offsets {};

struct committed_offsets {
  struct entry {
    topic_partition where = {};
    /// The next one to be read.
    std::int64_t offset = 0;
  };
  /// By topic and partition; those of which nothing was ever committed are left out.
  std::vector<entry> partitions = {};
};

/// Leaves the group at once: no batch is waited for, what was acknowledged since the last commit is
/// not committed, so it comes again, to whoever has the partitions then. Answered with
/// `group_aborted` when the group is left. The connection consumes nothing more until it is started
/// anew; a stop, afterwards, has nothing to wait for.
struct abort_group {};

struct group_aborted {};

/// For the group manager (`orders/group_manager`): who works on that partition. Waits for one that
/// is being started or replaced. Answered with `worker_found`. (Kaffe.WorkerManager.worker_for.)
struct find_worker {
  topic_partition where = {};
};

struct worker_found {
  /// Null: the partition is not this member's.
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

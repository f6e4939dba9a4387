#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/partition/partition_state.hpp>
#include <ottla/kafka/internal/partition/state_ptr.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Number of a revoke, counted by the coordinator.
using revoke_number = std::uint64_t;

// -- coordinator and group manager

/// The group revokes these partitions. The manager drains their workers, flushes their
/// acknowledgements, and answers `drained`.
struct partitions_revoked {
  revoke_number number = 0;
  std::vector<topic_partition> partitions = {};
};

/// Sent by a manager that has just started. Answered with `attached`.
struct attach_request {
  caf::actor manager = {};
};

struct attached {
  std::vector<state_ptr> states = {};
  /// A drain that is not answered yet.
  std::optional<partitions_revoked> pending = std::nullopt;
};

/// The group assigns these partitions. The manager starts their workers.
struct partitions_assigned {
  std::vector<state_ptr> states = {};
};

/// The member no longer owns these partitions, and their leases have ended. Their workers may not
/// have drained. The manager ends the workers.
struct partitions_lost {
  std::vector<topic_partition> partitions = {};
};

struct drained {
  revoke_number number = 0;
};

// -- group manager and worker

/// Makes the worker finish its current batch and end.
struct drain {};

// -- worker and coordinator

/// The driver reports that the partition cannot continue. The worker ends too. After an offset out
/// of range only a new assignment recovers the partition. After any other failure the next worker
/// resumes at the same position by a seek.
struct partition_failed {
  state_ptr state = nullptr;
  error why = {};
};

// -- worker and acknowledger

/// The handler is done with the offsets in [first, next).
struct batch_acked {
  state_ptr state = nullptr;
  std::uint64_t epoch = 0;
  std::int64_t first = 0;
  std::int64_t next = 0;
};

/// Makes the acknowledger forget these partitions, whose workers have ended. Its answer,
/// acks_flushed, says that the acknowledger has handled all acknowledgements that were sent
/// earlier. Ranges that waited after a gap are dropped.
struct flush_acks {
  std::vector<topic_partition> partitions = {};
};
struct acks_flushed {};

// -- a process to itself

/// A queue may have become non-empty.
struct wake {};

/// The partitions may hold more messages than the worker took.
struct take_more {};

/// Starts the regular work of the process.
struct tick {};

struct resolve_again {};
/// The answer of a broker about the group's topics.
struct topics_described {
  /// The requested topics.
  std::vector<std::string> topics = {};
  std::variant<std::vector<topic_info>, error> result = {};
};
/// The drain of a revoke has exceeded drain_within. Sent by the coordinator.
struct revoke_drain_overdue {
  revoke_number number = 0;
};
/// The drain at the group manager's end has exceeded its deadline.
struct last_drain_overdue {};
struct commit_deadline {
  revoke_number number = 0;
};
struct close_deadline {};
struct leave_deadline {};
/// Retries a commit that failed during a stop.
struct commit_again {};
/// Half of the coordinator's time to end has passed. A last commit no longer waits for a join.
struct join_overdue {};
/// The pause between two Kafka handles has passed.
struct open_again {
  std::uint64_t pause = 0;
};
struct attach_again {};
/// The earliest time for the next start of this worker has come. Sent by the group manager.
struct start_timer_expired {
  std::string name = {};
};
/// The DOWN of a worker whose last callback still ran. The group manager handles the DOWN again.
struct delayed_down {
  caf::actor_addr worker = {};
  std::string why = {};
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_group, ottla::kafka_type_ids + 50)
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::partitions_revoked))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::attach_request))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::attached))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::partitions_assigned))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::partitions_lost))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::drained))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::drain))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::partition_failed))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::batch_acked))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::flush_acks))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::acks_flushed))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::wake))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::take_more))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::tick))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::resolve_again))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::topics_described))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::revoke_drain_overdue))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::last_drain_overdue))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::commit_deadline))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::close_deadline))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::attach_again))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::start_timer_expired))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::delayed_down))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::leave_deadline))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::commit_again))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::open_again))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::join_overdue))
OTTLA_MESSAGES_END(ottla_kafka_group)

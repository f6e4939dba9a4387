#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/partition/partition_record.hpp>
#include <ottla/kafka/internal/partition/record_ptr.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Numbers the rebalances of one coordinator.
using round = std::uint64_t;

// -- coordinator and group manager

/// Partitions are revoked: drain their workers, flush their acknowledgements, answer `drained`.
struct partitions_revoked {
  kafka::round number = 0;
  std::vector<topic_partition> partitions = {};
};

/// From a manager that has just started; answered with `attached`.
struct attach_request {
  caf::actor manager = {};
};

struct attached {
  std::int32_t generation = -1;
  std::vector<record_ptr> records = {};
  /// A drain that is not answered yet.
  std::optional<partitions_revoked> pending = std::nullopt;
};

/// New partitions: start their workers.
struct partitions_assigned {
  std::int32_t generation = -1;
  std::vector<record_ptr> records = {};
};

/// Partitions that are gone, drained or not. Their leases are over: forget their workers, and end
/// workers that still run.
struct partitions_lost {
  std::vector<topic_partition> partitions = {};
};

struct drained {
  kafka::round number = 0;
};

// -- group manager and worker

/// Finish the batch in hand and end.
struct drain {};

// -- worker and coordinator

/// The partition cannot continue at its position; the worker ends too.
struct partition_failed {
  record_ptr record = nullptr;
  error why = {};
};

// -- worker and acknowledger

/// The offsets from `first` up to but not including `next` are done.
struct batch_acked {
  record_ptr record = nullptr;
  std::uint64_t epoch = 0;
  std::int64_t first = 0;
  std::int64_t next = 0;
};

/// Answered with acks_flushed when all acknowledgements sent before are in their records. The
/// acknowledger forgets these partitions, whose workers have ended.
struct flush_acks {
  std::vector<topic_partition> partitions = {};
};
struct acks_flushed {};

// -- each to itself

/// A queue may hold something.
struct wake {};

/// There was more to take than the last batch.
struct take_more {};

/// Time for regular work.
struct tick {};

struct resolve_again {};
/// The cluster's answer about the group's topics.
struct topics_described {
  /// The topics that were asked for.
  std::vector<std::string> topics = {};
  std::variant<std::vector<topic_info>, error> result = {};
};
struct drain_deadline {
  kafka::round number = 0;
};
struct commit_deadline {
  kafka::round number = 0;
};
struct close_deadline {};
struct leave_deadline {};
/// During a stop: a commit failed, and a retry may succeed.
struct commit_again {};
/// Half of a stop's time has passed. A last commit that waits for a join is sent now.
struct join_overdue {};
/// The pause after a handle is over.
struct open_again {
  std::uint64_t pause = 0;
};
struct attach_again {};
struct start_worker {
  std::string name = {};
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
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::drain_deadline))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::commit_deadline))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::close_deadline))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::attach_again))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::start_worker))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::leave_deadline))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::commit_again))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::open_again))
OTTLA_MESSAGE(ottla_kafka_group, (ottla::kafka::join_overdue))
OTTLA_MESSAGES_END(ottla_kafka_group)

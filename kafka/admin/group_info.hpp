#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Kafka's states of a consumer group.
enum class consumer_group_state : std::uint8_t {
  /// The broker reported a state that librdkafka does not know.
  unknown = 0,
  preparing_rebalance,
  completing_rebalance,
  /// The group has members, and each member has its partitions.
  stable,
  /// The group is being deleted, or does not exist.
  dead,
  /// The group has no members. It still has committed offsets.
  empty,
};

/// Returns Kafka's name, for example `PreparingRebalance`.
std::string_view to_string(consumer_group_state state) noexcept;

/// A group of the cluster.
struct group_info {
  std::string name = {};
  consumer_group_state state = consumer_group_state::unknown;
  /// The group only stores offsets. Its consumers assign partitions to themselves.
  bool is_simple = false;
};

/// The answer of list_groups. Each broker lists the groups that it coordinates.
struct group_list {
  /// Sorted by name.
  std::vector<group_info> groups = {};
  /// One error for each broker that did not answer. The groups of these brokers are missing in
  /// `groups`.
  std::vector<error> failures = {};
};

/// A member in a group_description.
struct member_description {
  /// The id that the broker gave to the member.
  std::string id = {};
  /// Kafka's group.instance.id; empty if the member has none.
  std::string instance = {};
  std::string client_id = {};
  /// The member's address as the broker sees it, for example `/10.0.0.7`.
  std::string host = {};
  /// Sorted by topic and partition.
  std::vector<topic_partition> assignment = {};
};

/// The answer of describe_groups for one group. If `failed` is set, only `name` is known.
struct group_description {
  std::string name = {};
  consumer_group_state state = consumer_group_state::unknown;
  /// Kafka's name of the strategy that assigns partitions, for example `range`. Empty if the group
  /// has no members.
  std::string protocol = {};
  /// Id of the broker that coordinates the group; -1 if unknown.
  std::int32_t coordinator = -1;
  bool is_simple = false;
  std::vector<member_description> members = {};
  std::optional<error> failed = std::nullopt;
};

/// The outcome of a change of one group.
struct group_outcome {
  std::string group = {};
  /// nullopt if the change was made.
  std::optional<error> failed = std::nullopt;
};

/// An offset of a partition.
struct partition_offset {
  topic_partition where = {};
  /// A committed offset is the offset of the next record to consume. -1 if `failed` is set.
  std::int64_t offset = -1;
  /// Why `offset` is unknown. nullopt if it is known.
  std::optional<error> failed = std::nullopt;
};

/// The lag of a group in one partition.
struct partition_lag {
  topic_partition where = {};
  /// The offset of the next record that the group consumes.
  std::int64_t committed = -1;
  /// The log is [begin, end): its first offset, and the offset after its last record, which is
  /// Kafka's high watermark. Records of open transactions count. Both are -1 if `failed` is set.
  std::int64_t begin = -1;
  std::int64_t end = -1;
  /// Number of offsets from `committed` to `end`, as Kafka's own tools count. Offsets that were
  /// deleted from the log do not count. 0 if `failed` is set.
  std::int64_t lag = 0;
  /// Why the lag is unknown. nullopt if it is known.
  std::optional<error> failed = std::nullopt;
};

/// Moves a committed offset by `offsets`, which may be negative. A partition without a committed
/// offset fails with errc::offset_out_of_range.
struct shift_by {
  std::int64_t offsets = 0;
};

/// Where reset_offsets moves a group. An offset outside of the log becomes the nearest end of the
/// log. With `latest`, the group consumes the records that are produced after the reset.
using reset_point = std::variant<earliest, latest, since, at_offset, shift_by>;

/// What reset_offsets changes.
struct group_reset {
  std::string group = {};
  reset_point to = earliest{};
  /// All partitions of these topics are reset.
  std::vector<std::string> topics = {};
  /// These partitions are reset too. If `topics` and `partitions` are empty, every partition with a
  /// committed offset of the group is reset.
  std::vector<topic_partition> partitions = {};
};

/// The outcome of reset_offsets for one partition.
struct partition_reset {
  topic_partition where = {};
  /// The committed offset before the reset; nullopt if there was none.
  std::optional<std::int64_t> before = std::nullopt;
  /// The offset that is committed now. -1 if the reset failed.
  std::int64_t after = -1;
  /// nullopt if the partition was reset.
  std::optional<error> failed = std::nullopt;
};

} // namespace ottla::kafka

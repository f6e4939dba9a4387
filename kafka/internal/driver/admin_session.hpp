#pragma once

#include <ottla/kafka/admin/cluster_info.hpp>
#include <ottla/kafka/admin/config_entry.hpp>
#include <ottla/kafka/admin/group_info.hpp>
#include <ottla/kafka/admin/record_deletion.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/result.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// A cluster as its brokers describe it to clients. The topics have no ids and no configs.
struct cluster_view {
  cluster_description cluster;
  /// Sorted by name.
  std::vector<topic_description> topics;
};

/// The configs of one owner, or the failure.
using configs_or_error = result<std::vector<config_entry>>;

/// The offset that find_offsets looks up: the first offset of a log, its end, or the first record
/// since a time.
using log_point = std::variant<earliest, latest, since>;

/// The seam for admin requests. A session is one piece of work with one deadline for all its
/// requests. Each function blocks, at most until this deadline. Lists are answered in the order of
/// the request, with a failure for each item. A function fails as a whole if no broker answers, or
/// if the cluster does not support the request. Callers check names and numbers first.
///
/// Thread safety: one thread.
class admin_session {
public:
  virtual ~admin_session() = default;

  virtual result<cluster_view> read_cluster() = 0;

  /// Returns the ids of topics. Omits topics whose id is unknown.
  virtual std::map<std::string, std::string> find_ids(std::span<const std::string> topics) = 0;

  virtual result<std::vector<topic_outcome>> create_topics(std::span<const new_topic> topics) = 0;
  virtual result<std::vector<topic_outcome>> delete_topics(std::span<const std::string> topics) = 0;
  virtual result<void> add_partitions(const std::string& topic, std::int32_t total) = 0;

  virtual result<std::vector<configs_or_error>>
  describe_configs(std::span<const config_owner> owners) = 0;
  virtual result<void> alter_configs(const config_owner& owner,
                                     std::span<const config_change> changes)
    = 0;

  virtual result<std::vector<records_deleted>>
  delete_records(std::span<const records_before> records) = 0;

  virtual result<group_list> list_groups() = 0;
  virtual result<std::vector<group_description>>
  describe_groups(std::span<const std::string> groups) = 0;
  virtual result<std::vector<group_outcome>> delete_groups(std::span<const std::string> groups) = 0;

  /// Returns every committed offset of the group, sorted by topic and partition.
  virtual result<std::vector<partition_offset>> read_committed(const std::string& group) = 0;
  virtual result<std::vector<partition_offset>> commit(const std::string& group,
                                                       std::span<const partition_offset> offsets)
    = 0;

  /// Looks up one offset in each log. `latest` is the high watermark. For `since`, the offset is -1
  /// if the log has no record since that time.
  virtual result<std::vector<partition_offset>>
  find_offsets(std::span<const topic_partition> partitions, const log_point& where) = 0;
};

} // namespace ottla::kafka

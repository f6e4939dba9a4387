#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/saturating.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/admin/cluster_info.hpp>
#include <ottla/kafka/admin/config_entry.hpp>
#include <ottla/kafka/admin/group_info.hpp>
#include <ottla/kafka/admin/record_deletion.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

// Requests of actors to a connection's admin process, `orders/admin` for the connection "orders".
// The answer to a request has the type `answer` of the request, and is what the function of the
// same name without `_request` returns. topics.hpp, configs.hpp, records.hpp, groups.hpp and
// cluster.hpp describe the functions. The process carries out one request after the other. The
// first request opens the Kafka handles for them.
//
//     ottla::call<kafka::list_topics_request::answer>(
//       this, "orders/admin", 35s, kafka::list_topics_request{.within = 30s},
//       [this](ottla::call_result<kafka::list_topics_request::answer> topics) {
//         if (topics && *topics)
//           show(**topics);
//       });
//
// `within` limits the request, including its wait for earlier requests. The answer comes at most
// one second after `within`, so give the call more time. The answer is an error of code `timed_out`
// if the request is late, and of code `closed` if the admin process ends first. In both cases,
// brokers may have made the change.

inline constexpr std::chrono::seconds default_admin_time{30};

struct list_topics_request {
  using answer = result<std::vector<topic_info>>;
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct describe_topics_request {
  using answer = result<std::vector<topic_description>>;
  std::vector<std::string> topics = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct topic_exists_request {
  using answer = result<bool>;
  std::string topic = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct count_partitions_request {
  using answer = result<std::int32_t>;
  std::string topic = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct create_topics_request {
  using answer = result<std::vector<topic_outcome>>;
  std::vector<new_topic> topics = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct delete_topics_request {
  using answer = result<std::vector<topic_outcome>>;
  std::vector<std::string> topics = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct add_partitions_request {
  using answer = result<void>;
  std::string topic = {};
  /// The number of partitions afterwards.
  std::int32_t partitions = 0;
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct describe_configs_request {
  using answer = result<std::vector<config_entry>>;
  config_owner owner = topic_configs{};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct alter_configs_request {
  using answer = result<void>;
  config_owner owner = topic_configs{};
  std::vector<config_change> changes = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct delete_records_request {
  using answer = result<std::vector<records_deleted>>;
  std::vector<records_before> records = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct list_groups_request {
  using answer = result<group_list>;
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct describe_groups_request {
  using answer = result<std::vector<group_description>>;
  std::vector<std::string> groups = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct fetch_committed_offsets_request {
  using answer = result<std::vector<partition_offset>>;
  std::string group = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct fetch_lag_request {
  using answer = result<std::vector<partition_lag>>;
  std::string group = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct reset_offsets_request {
  using answer = result<std::vector<partition_reset>>;
  group_reset what = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct delete_groups_request {
  using answer = result<std::vector<group_outcome>>;
  std::vector<std::string> groups = {};
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

struct describe_cluster_request {
  using answer = result<cluster_description>;
  saturating<std::chrono::milliseconds> within = default_admin_time;
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_admin, ottla::kafka_type_ids + 200)
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::list_topics_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::describe_topics_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::topic_exists_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::count_partitions_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::create_topics_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::delete_topics_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::add_partitions_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::describe_configs_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::alter_configs_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::delete_records_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::list_groups_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::describe_groups_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::fetch_committed_offsets_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::fetch_lag_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::reset_offsets_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::delete_groups_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::describe_cluster_request))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::vector<ottla::kafka::topic_info>>))
OTTLA_MESSAGE(ottla_kafka_admin,
              (ottla::kafka::result<std::vector<ottla::kafka::topic_description>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<bool>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::int32_t>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::vector<ottla::kafka::topic_outcome>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<void>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::vector<ottla::kafka::config_entry>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::vector<ottla::kafka::records_deleted>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<ottla::kafka::group_list>))
OTTLA_MESSAGE(ottla_kafka_admin,
              (ottla::kafka::result<std::vector<ottla::kafka::group_description>>))
OTTLA_MESSAGE(ottla_kafka_admin,
              (ottla::kafka::result<std::vector<ottla::kafka::partition_offset>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::vector<ottla::kafka::partition_lag>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::vector<ottla::kafka::partition_reset>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<std::vector<ottla::kafka::group_outcome>>))
OTTLA_MESSAGE(ottla_kafka_admin, (ottla::kafka::result<ottla::kafka::cluster_description>))
OTTLA_MESSAGES_END(ottla_kafka_admin)

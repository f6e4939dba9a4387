#pragma once

#include <ottla/kafka/admin/config_entry.hpp>
#include <ottla/kafka/admin/group_info.hpp>
#include <ottla/kafka/fetch/end_offset.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include "text/offset_text.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace command {

enum class output_format : std::uint8_t { text, json };

/// The options of all commands.
struct common_arguments {
  /// Overrides the brokers of the environment and of the file.
  std::string brokers = {};
  /// Path of the settings file. Empty for OTTLA_SETTINGS, or ottla.toml in the current folder.
  std::string settings_file = {};
  /// Reads no settings file, and only the environment variable OTTLA_BROKERS.
  bool no_settings = false;
  /// The connection of the settings to use. Empty if there is only one.
  std::string connection = {};
  output_format output = output_format::text;
  /// Longest time for a request.
  std::chrono::milliseconds timeout{30'000};
  /// No progress bar.
  bool quiet = false;
};

// topics

struct list_topics {};

struct describe_topics {
  std::vector<std::string> topics = {};
  /// Also shows configs that have their default values.
  bool all_configs = false;
};

struct find_topic {
  std::string topic = {};
};

struct create_topics {
  std::vector<std::string> topics = {};
  std::int32_t partitions = 1;
  std::int16_t replicas = 1;
  std::map<std::string, std::string> configs = {};
  /// A topic that exists already is no failure.
  bool if_missing = false;
};

struct delete_topics {
  std::vector<std::string> topics = {};
  bool confirmed = false;
};

struct add_partitions {
  std::string topic = {};
  /// The number of partitions afterwards.
  std::int32_t partitions = 0;
};

struct alter_topic_config {
  std::string topic = {};
  std::vector<ottla::kafka::config_change> changes = {};
};

struct delete_topic_records {
  std::string topic = {};
  /// All partitions if empty.
  std::vector<std::int32_t> partitions = {};
  /// nullopt for all records.
  std::optional<std::int64_t> before = std::nullopt;
  bool confirmed = false;
};

// records

enum class input_format : std::uint8_t { lines, json };

struct produce_records {
  std::string topic = {};
  input_format format = input_format::lines;
  /// Separates a line's key from its value. Empty if lines have no key.
  std::string key_separator = {};
  /// The key of all lines.
  std::optional<std::string> key = std::nullopt;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
  /// If negative, the key of each record chooses its partition, unless a JSON record names one.
  std::int32_t partition = -1;
};

/// Parts of a record that the text output shows before the value.
enum class record_part : std::uint8_t { partition, offset, timestamp, key, headers };

/// What `consume`, `fetch` and `search` have in common.
struct record_output {
  std::vector<record_part> parts = {};
  /// 0 for all records.
  std::uint64_t most = 0;
};

struct consume_records {
  std::string topic = {};
  /// Empty to consume without a group.
  std::string group = {};
  std::vector<std::int32_t> partitions = {};
  /// If nullopt: the earliest record without a group, group_consumer::begin with a group.
  std::optional<start_offset> from = std::nullopt;
  ottla::kafka::end_offset until = ottla::kafka::latest{};
  bool follow = false;
  /// Only with a group: ends when the group has consumed everything.
  bool until_end = false;
  /// Ends after this time without a record. nullopt for no limit.
  std::optional<std::chrono::milliseconds> idle = std::nullopt;
  record_output show = {};
  bool read_uncommitted = false;
};

struct fetch_records {
  std::string topic = {};
  std::int32_t partition = 0;
  start_offset from = ottla::kafka::earliest{};
  record_output show = {.most = 10'000};
  bool read_uncommitted = false;
};

struct search_records {
  std::string topic = {};
  std::vector<std::int32_t> partitions = {};
  start_offset from = ottla::kafka::earliest{};
  ottla::kafka::end_offset until = ottla::kafka::latest{};
  /// A record matches if it meets all conditions.
  std::optional<std::string> key_is = std::nullopt;
  std::optional<std::string> key_contains = std::nullopt;
  std::optional<std::string> value_is = std::nullopt;
  std::optional<std::string> value_contains = std::nullopt;
  record_output show = {};
  bool read_uncommitted = false;
};

// groups and cluster

struct list_groups {};

struct describe_groups {
  std::vector<std::string> groups = {};
};

struct show_lag {
  std::string group = {};
};

struct reset_group {
  std::string group = {};
  ottla::kafka::reset_point to = ottla::kafka::earliest{};
  std::vector<std::string> topics = {};
  std::vector<ottla::kafka::topic_partition> partitions = {};
  bool confirmed = false;
};

struct delete_groups {
  std::vector<std::string> groups = {};
  bool confirmed = false;
};

struct describe_cluster {};

// local commands

struct check_config {
  /// Empty for the file that the other commands read.
  std::string file = {};
};

struct print_completion {};

using command_arguments
  = std::variant<std::monostate, list_topics, describe_topics, find_topic, create_topics,
                 delete_topics, add_partitions, alter_topic_config, delete_topic_records,
                 produce_records, consume_records, fetch_records, search_records, list_groups,
                 describe_groups, show_lag, reset_group, delete_groups, describe_cluster,
                 check_config, print_completion>;

struct arguments {
  common_arguments common = {};
  command_arguments command = {};
};

} // namespace command

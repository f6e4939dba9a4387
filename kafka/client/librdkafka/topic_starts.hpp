#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// How many partitions each topic had when the group began to consume it with `latest`: partitions
/// beyond that number were added later. The brokers keep the number for the group, as the metadata
/// of every offset that the group commits of the topic; Kafka has no other place that all members
/// of a group share.
///
/// Thread safety: call from any thread.
class topic_starts {
public:
  /// The group begins now, with so many partitions.
  void begin(const std::string& topic, std::int32_t partitions);

  /// The group began with so many, as the brokers tell. Of several numbers for one topic the
  /// smallest counts: members that began at the same time may have seen different ones.
  void note(const std::string& topic, std::int32_t partitions);

  /// What is to be committed with an offset of that topic; empty: nothing.
  std::string metadata_of(const std::string& topic) const;

  std::optional<std::int32_t> partitions_of(const std::string& topic) const;

private:
  mutable std::mutex lock_;
  std::map<std::string, std::int32_t> partitions_;
};

/// nullopt: it is metadata of something else.
std::optional<std::int32_t> parse_topic_start(std::string_view metadata);

} // namespace ottla::kafka

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// The number of partitions that each topic had when the group began to consume the topic with
/// `latest`. Partitions beyond that number were added later. The group commits this number as the
/// metadata of every offset of the topic. Kafka has no other storage that all members of a group
/// share.
///
/// Thread safety: call from any thread.
class topic_starts {
public:
  /// The group begins to consume the topic now, with this many partitions.
  void begin(const std::string& topic, std::int32_t partitions);

  /// The brokers report that the group began with this many partitions. If the brokers report
  /// several numbers for one topic, the smallest number is kept. Members that began at the same
  /// time may have seen different numbers.
  void note(const std::string& topic, std::int32_t partitions);

  /// The metadata to commit with an offset of that topic; empty if the number is unknown.
  std::string metadata_of(const std::string& topic) const;

  std::optional<std::int32_t> partitions_of(const std::string& topic) const;

private:
  mutable std::mutex lock_;
  std::map<std::string, std::int32_t> partitions_;
};

/// Returns nullopt if ottla did not write the metadata.
std::optional<std::int32_t> parse_topic_start(std::string_view metadata);

} // namespace ottla::kafka

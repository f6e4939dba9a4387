#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace ottla::kafka {

/// The first offset that a consumer without a group wants to read of a partition.
struct wanted_beginning {
  topic_partition at;
  /// Applies if `kept` is -1.
  begin_offset otherwise = earliest{};
  /// The offset of the next message to consume; -1 if unknown.
  std::int64_t kept = -1;
};

/// The seam for look-ups without a group. Each function blocks for several seconds if brokers do
/// not answer. Answers are in the order of the request. Each partition fails or succeeds by itself.
///
/// Thread safety: one thread.
class lookup_session {
public:
  virtual ~lookup_session() = default;

  /// Looks up where partitions begin. The rules are those of consumer_handle::resolve, with `kept`
  /// in the place of the committed offset. An answer's `committed` is `kept`.
  virtual std::vector<beginning> find_beginnings(std::span<const wanted_beginning> wanted,
                                                 const begin_offset& when_missing)
    = 0;

  /// Looks up the ends of logs, as consumer_handle::look_up_ends does.
  virtual std::vector<position> find_ends(std::span<const topic_partition> partitions) = 0;
};

} // namespace ottla::kafka

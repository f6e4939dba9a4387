#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/log_line.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ottla::kafka {

/// Work that a process of a connection had to give up.
struct unfinished {
  enum class kind : std::uint8_t {
    /// Records that were not stored, or whose outcome is unknown.
    records,
    /// Acknowledged messages whose commit was not confirmed: they may come again.
    acknowledgements,
    /// The group did not confirm that the member has left. The member may keep its partitions until
    /// its session ends.
    leave,
  };
  kind what = kind::records;
  /// How many records or partitions; 1 for leave.
  std::size_t count = 0;
  /// For people: `1604 of 2000 records were not confirmed`.
  std::string text = {};
};

/// Gets the events of a connection; override the functions of interest. Called on threads of the
/// actor system, on several at once: be quick, be thread-safe, do not throw. Outlives restarts.
class observer {
public:
  virtual ~observer() = default;

  virtual void assigned(std::int32_t generation, std::span<const topic_partition> partitions) {
    static_cast<void>(generation);
    static_cast<void>(partitions);
  }

  /// `lost`: the partitions may belong to another member already, so nothing could be committed.
  virtual void revoked(std::span<const topic_partition> partitions, bool lost) {
    static_cast<void>(partitions);
    static_cast<void>(lost);
  }

  /// Everything below `next` is acknowledged.
  virtual void acknowledged(const topic_partition& where, std::int64_t next) {
    static_cast<void>(where);
    static_cast<void>(next);
  }

  /// The group's offset is stored at the broker.
  virtual void committed(const topic_partition& where, std::int64_t next) {
    static_cast<void>(where);
    static_cast<void>(next);
  }

  /// A failure at the border to Kafka. A fatal failure ends the Kafka handle; a new handle follows.
  virtual void failed(const error& what) { static_cast<void>(what); }

  /// A producer or a group member ended, or a partition was revoked, before the brokers had
  /// confirmed everything. In a stop of the application the same is in stop_report::unfinished.
  virtual void left_unfinished(const unfinished& what) { static_cast<void>(what); }

  /// Health has no reasons any more.
  virtual void recovered() {}

  /// A Kafka handle logs a line. Lines are few without the key `debug` in `extra`.
  virtual void logged(const log_line& line) { static_cast<void>(line); }
};

} // namespace ottla::kafka

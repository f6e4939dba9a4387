#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/log_line.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ottla::kafka {

/// What a process of a connection had to give up when it ended.
struct unfinished {
  enum class kind : std::uint8_t {
    /// Records that were not stored, or of which nobody knows.
    records,
    /// Acknowledged messages whose commit was not confirmed: they come again.
    acknowledgements,
    /// The group did not confirm that the member has left: its partitions stay with it until its
    /// session ends.
    leave,
  };
  kind what = kind::records;
  /// How many records, or partitions.
  std::size_t count = 0;
  /// For people: `1604 of 2000 records were not confirmed`.
  std::string text = {};
};

/// Told of what a connection does; override what is of interest. Called on threads of the actor
/// system, from several at once: be quick, be safe, do not throw. It outlives restarts.
class observer {
public:
  virtual ~observer() = default;

  virtual void assigned(std::int32_t generation, std::span<const topic_partition> partitions) {
    static_cast<void>(generation);
    static_cast<void>(partitions);
  }

  /// `lost`: they are another member's already, nothing could be committed.
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

  /// Something went wrong at the border; a fatal one restarts the process concerned.
  virtual void failed(const error& what) { static_cast<void>(what); }

  /// A producer or a group member ended before the brokers had confirmed everything. In a stop of
  /// the application the same is in stop_report::unfinished.
  virtual void left_unfinished(const unfinished& what) { static_cast<void>(what); }

  /// Everything that health named is over.
  virtual void recovered() {}

  /// The client logs a line. Without the key `debug` in extra these are few.
  virtual void logged(const log_line& line) { static_cast<void>(line); }
};

} // namespace ottla::kafka

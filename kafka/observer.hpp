#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/log_line.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ottla::kafka {

/// Work that a process of a connection could not finish.
struct unfinished {
  enum class kind : std::uint8_t {
    /// Records that were not stored, or whose outcome is unknown.
    records,
    /// Acknowledged messages whose commit was not confirmed. The messages may be delivered again.
    acknowledgements,
    /// The group did not confirm that the member has left. Other members may have to wait for its
    /// partitions until its session expires.
    leave,
  };
  kind what = kind::records;
  /// Number of records or partitions; 1 for leave.
  std::size_t count = 0;
  /// Description for people: `1604 of 2000 records were not confirmed`.
  std::string text = {};
};

/// Receives the events of a connection. Override the functions of interest. One object serves the
/// connection across all restarts.
///
/// Thread safety: called on threads of the actor system, also concurrently. The functions must be
/// thread-safe and return quickly. An exception ends no process. Only the first exception is
/// printed, on stderr.
class observer {
public:
  virtual ~observer() = default;

  /// The member got these partitions. A cooperative assignor lists only added partitions.
  virtual void assigned(std::int32_t generation, std::span<const topic_partition> partitions) {
    static_cast<void>(generation);
    static_cast<void>(partitions);
  }

  /// The member gave up these partitions. If `lost`, another member may have them already, so
  /// nothing was committed.
  virtual void revoked(std::span<const topic_partition> partitions, bool lost) {
    static_cast<void>(partitions);
    static_cast<void>(lost);
  }

  /// All offsets of the partition below `next` are acknowledged.
  virtual void acknowledged(const topic_partition& where, std::int64_t next) {
    static_cast<void>(where);
    static_cast<void>(next);
  }

  /// The broker has stored `next` as the group's offset, or consumer::store_offsets has stored it.
  virtual void committed(const topic_partition& where, std::int64_t next) {
    static_cast<void>(where);
    static_cast<void>(next);
  }

  /// The connection reports a failure. A fatal failure ends the Kafka handle, and a new handle
  /// replaces it.
  virtual void failed(const error& what) { static_cast<void>(what); }

  /// A producer or a group member ended, or a partition was revoked, before the brokers had
  /// confirmed all of its work. A stop of the application also lists the work in
  /// stop_report::unfinished.
  virtual void left_unfinished(const unfinished& what) { static_cast<void>(what); }

  /// The connection is healthy, after its start or after a failure: its health report has no reason
  /// left. A hook that hangs is a reason too.
  virtual void recovered() {}

  /// A Kafka handle has logged a line. Without the key `debug` in `extra` there are few lines.
  virtual void logged(const log_line& line) { static_cast<void>(line); }
};

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/log_line.hpp>
#include <ottla/kafka/producer/record_place.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Identifies one asynchronous request or one rebalance event. The answer carries the token. Tokens
/// are unique within a handle, and never 0.
using token = std::uint64_t;

/// Called at least when a queue turns from empty to non-empty. A call may come without a new event.
/// Runs on any thread, possibly under locks of the client. So a waker may only post a message to an
/// actor, and must not throw.
using waker = std::function<void()>;

enum class rebalance_protocol : std::uint8_t { eager, cooperative };

/// A concrete offset of a partition. In an answer, `failed` says why the request failed for the
/// partition.
struct position {
  topic_partition at;
  std::int64_t offset = 0;
  std::optional<error> failed = std::nullopt;
};

/// The group assigns partitions to the member. The list is empty if the member gets no new
/// partition. Answer with consumer_handle::assign and this token.
struct assigned {
  token answer = 0;
  std::int32_t generation = -1;
  rebalance_protocol protocol = rebalance_protocol::eager;
  std::vector<topic_partition> partitions;
};

/// The group revokes partitions of the member. Answer with consumer_handle::unassign and this
/// token. If `lost` is true, other members may own the partitions already, so commits fail.
struct revoked {
  token answer = 0;
  std::int32_t generation = -1;
  rebalance_protocol protocol = rebalance_protocol::eager;
  std::vector<topic_partition> partitions;
  bool lost = false;
};

/// Answer to consumer_handle::commit. Holds the requested positions, each with its own failure.
/// `failed` is set if the whole request failed.
struct committed {
  token asked = 0;
  std::vector<position> positions;
  std::optional<error> failed;
};

/// The first offset to read of a partition.
struct beginning {
  topic_partition at;
  /// A concrete offset, or -1 if unknown. After -1, ask again. If `failed` is set, a known `offset`
  /// is the committed offset, and the look-up has not checked whether the log holds that offset.
  std::int64_t offset = -1;
  /// The group's committed offset; -1 if none.
  std::int64_t committed = -1;
  /// The log's first offset and its high watermark. A consumer may begin at any offset from
  /// `log_begin` to `log_end`, both included.
  std::int64_t log_begin = -1;
  std::int64_t log_end = -1;
  /// Set to the wanted offset if the log does not hold that offset. In this case `when_missing`
  /// selects `offset`.
  std::optional<std::int64_t> missing = std::nullopt;
  std::optional<error> failed = std::nullopt;
};

/// Answer to consumer_handle::resolve, in the order of the request.
struct resolved {
  token asked = 0;
  std::vector<beginning> beginnings;
};

/// Answer to consumer_handle::look_up_ends, in the order of the request. An end is the offset after
/// the last record that the consumer may read. A read_committed consumer may read up to the first
/// record of the oldest open transaction. A failed look-up has the offset -1.
struct ends_known {
  token asked = 0;
  std::vector<position> ends;
};

/// Every record of one outgoing batch has been reported.
struct delivered {
  struct failure {
    std::size_t index = 0;
    error why;
    /// The record may be stored, for example because it was sent and no answer arrived.
    bool may_be_stored = false;
  };
  token asked = 0;
  std::vector<failure> failures;    ///< ascending by index; empty if all records are stored
  std::vector<record_place> places; ///< by index; records with a failure have no place
};

/// A failure that belongs to no request. A fatal failure ends the handle.
struct handle_failed {
  error what;
};

/// The handle has written a log line.
struct handle_logged {
  log_line line;
};

/// Answer to close: the consumer has left its group, or the producer has reported all records.
struct closed {};

using consumer_event = std::variant<assigned, revoked, committed, resolved, ends_known,
                                    handle_failed, handle_logged, closed>;
using producer_event = std::variant<delivered, handle_failed, handle_logged, closed>;

} // namespace ottla::kafka

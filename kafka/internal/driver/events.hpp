#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/log_line.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// Identifies one asynchronous request, or one rebalance that the broker requests. The answer
/// carries the token. Unique within its handle, never 0.
using token = std::uint64_t;

/// Called when a queue turns from empty to non-empty. Runs on any thread, possibly under locks of
/// the client. So a waker may post to an actor and do nothing else, and must not throw.
using waker = std::function<void()>;

enum class rebalance_protocol : std::uint8_t { eager, cooperative };

/// A concrete offset of a partition. In an answer, `failed` says why the request failed for the
/// partition.
struct position {
  topic_partition at;
  std::int64_t offset = 0;
  std::optional<error> failed = std::nullopt;
};

/// The broker offers partitions. The list is empty if the member gets no new partition. Answer with
/// consumer_handle::assign and this token.
struct assigned {
  token answer = 0;
  std::int32_t generation = -1;
  rebalance_protocol protocol = rebalance_protocol::eager;
  std::vector<topic_partition> partitions;
};

/// The broker requests partitions back. Answer with consumer_handle::unassign and this token.
/// `lost`: other members may own the partitions already, so nothing can be committed.
struct revoked {
  token answer = 0;
  std::int32_t generation = -1;
  rebalance_protocol protocol = rebalance_protocol::eager;
  std::vector<topic_partition> partitions;
  bool lost = false;
};

/// Answer to commit: the requested positions, each with its own failure.
struct committed {
  token asked = 0;
  std::vector<position> positions;
  std::optional<error> failed;
};

/// The first offset to read of a partition.
struct beginning {
  topic_partition at;
  /// Concrete; -1: unknown, ask again. If `failed` is set and `offset` is not -1, `offset` is the
  /// committed offset. Then it is not known whether the log holds that offset.
  std::int64_t offset = -1;
  /// The group's committed offset; -1: none.
  std::int64_t committed = -1;
  /// The log's first offset, and its high watermark. A consumer may begin at either of them or
  /// anywhere between.
  std::int64_t log_begin = -1;
  std::int64_t log_end = -1;
  /// The wanted offset, if the log does not hold it. Then `offset` is the one that `when_missing`
  /// selects.
  std::optional<std::int64_t> missing = std::nullopt;
  std::optional<error> failed = std::nullopt;
};

/// Answer to resolve, in the order asked.
struct resolved {
  token asked = 0;
  std::vector<beginning> beginnings;
};

/// Answer to look_up_ends, in the order asked: the offset after the last record that may be read.
/// While a transaction is open, that is the offset of the transaction's first record, unless the
/// consumer reads uncommitted records. A failed look-up has the offset -1.
struct ends_known {
  token asked = 0;
  std::vector<position> ends;
};

/// Every record of one outgoing batch has been reported.
struct delivered {
  struct failure {
    std::size_t index = 0;
    error why;
    /// The record was sent, but no answer came.
    bool may_be_stored = false;
  };
  token asked = 0;
  std::vector<failure> failures; ///< by index, ascending; empty when all are stored
};

/// A failure that belongs to no request. A fatal failure ends the handle.
struct handle_failed {
  error what;
};

/// The handle logs something.
struct handle_logged {
  log_line line;
};

/// Answer to close: the consumer has left its group, or the producer has reported all records.
struct closed {};

using consumer_event = std::variant<assigned, revoked, committed, resolved, ends_known,
                                    handle_failed, handle_logged, closed>;
using producer_event = std::variant<delivered, handle_failed, handle_logged, closed>;

} // namespace ottla::kafka

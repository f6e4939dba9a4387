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

/// Names one asynchronous request, or one question of the broker; the answer carries it.
/// Unique within its handle, never 0.
using token = std::uint64_t;

/// Posted when a queue turns from empty to non-empty. Runs on a thread of the client's, under its
/// locks: it may post to an actor and nothing else, and never throws.
using waker = std::function<void()>;

enum class rebalance_protocol : std::uint8_t { eager, cooperative };

/// A concrete offset of a partition, and what went wrong with it in an answer.
struct position {
  topic_partition at;
  std::int64_t offset = 0;
  std::optional<error> failed = std::nullopt;
};

/// The broker offers partitions, or none: a member that is given nothing new is told so, too. To be
/// answered by consumer::assign with this token.
struct assigned {
  token answer = 0;
  std::int32_t generation = -1;
  rebalance_protocol protocol = rebalance_protocol::eager;
  std::vector<topic_partition> partitions;
};

/// The broker wants partitions back. To be answered by consumer::unassign with this token; lost
/// means they are another member's already, so that nothing can be committed.
struct revoked {
  token answer = 0;
  std::int32_t generation = -1;
  rebalance_protocol protocol = rebalance_protocol::eager;
  std::vector<topic_partition> partitions;
  bool lost = false;
};

/// Answer to commit: the positions as they were asked, each with its own failure.
struct committed {
  token asked = 0;
  std::vector<position> positions;
  std::optional<error> failed;
};

/// Where a partition is to be begun.
struct beginning {
  topic_partition at;
  /// Concrete; -1: ask again. Where it failed and is not, it is what the group has committed, and
  /// nobody has seen whether the log holds that.
  std::int64_t offset = -1;
  /// What the group has committed; -1: nothing.
  std::int64_t committed = -1;
  /// The log's first offset, and its high watermark. A consumer may begin at either of them and
  /// anywhere between.
  std::int64_t log_begin = -1;
  std::int64_t log_end = -1;
  /// The wanted offset where that is not in the log; `offset` is what `when_missing` says then.
  std::optional<std::int64_t> missing = std::nullopt;
  std::optional<error> failed = std::nullopt;
};

/// Answer to resolve, in the order asked.
struct resolved {
  token asked = 0;
  std::vector<beginning> beginnings;
};

/// Answer to look_up_ends, in the order asked: the offset behind the last record that may be read.
/// While a transaction is open, that is its first record, unless the consumer reads uncommitted
/// records. A look-up that failed has the offset -1.
struct ends_known {
  token asked = 0;
  std::vector<position> ends;
};

/// Every record of one outgoing batch has been reported.
struct delivered {
  struct failure {
    std::size_t index = 0;
    error why;
    /// The record was sent, and its answer did not come.
    bool may_be_stored = false;
  };
  token asked = 0;
  std::vector<failure> failures; ///< by index, ascending; empty when all are stored
};

/// Something outside of an answer went wrong. A fatal one ends the handle.
struct client_failed {
  error what;
};

/// The client logs something.
struct client_logged {
  log_line line;
};

/// Answer to close: the handle has let go of everything.
struct closed {};

using consumer_event = std::variant<assigned, revoked, committed, resolved, ends_known,
                                    client_failed, client_logged, closed>;
using producer_event = std::variant<delivered, client_failed, client_logged, closed>;

} // namespace ottla::kafka

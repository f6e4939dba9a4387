#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace ottla::kafka {

/// Whether all workers have ended before the deadline of a drain.
enum class drain_end : std::uint8_t { in_time, overdue };

/// Partitions that the group revokes and the member has not given back yet. First their workers
/// drain. Then the coordinator commits the last acknowledgements.
///
/// Thread safety: none.
class pending_revoke {
public:
  /// `number` identifies this revoke in messages to the group manager and in timers.
  pending_revoke(std::uint64_t number, revoked what) : number_{number}, event_{std::move(what)} {}

  std::uint64_t number() const noexcept { return number_; }
  const revoked& what() const noexcept { return event_; }

  /// Whether this revoke has this number, and its workers still drain.
  bool is_draining(std::uint64_t number) const noexcept {
    return number == number_ && !is_drained_;
  }
  bool is_drained() const noexcept { return is_drained_; }

  /// The drain is over.
  void drained(drain_end how) noexcept {
    is_drained_ = true;
    is_overdue_ = how == drain_end::overdue;
  }
  bool is_overdue() const noexcept { return is_overdue_; }

  /// Whether this partition has drained, and only waits for its last commit.
  bool has_drained(const topic_partition& which) const {
    return is_drained_ && std::ranges::find(event_.partitions, which) != event_.partitions.end();
  }

  /// The last commit was sent.
  void sent(token commit) noexcept { last_commit_ = commit; }
  bool waits_for(token commit) const noexcept { return last_commit_ == commit; }

private:
  std::uint64_t number_;
  revoked event_;
  bool is_drained_ = false;
  bool is_overdue_ = false;
  std::optional<token> last_commit_;
};

} // namespace ottla::kafka

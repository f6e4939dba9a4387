#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace ottla::kafka {

/// Partitions that the broker revokes, until the member gives them back. First their workers drain.
/// Then the last acknowledgements are committed.
///
/// Thread safety: none.
class pending_revoke {
public:
  /// `round`: identifies this revoke in the messages to workers and in deadlines.
  pending_revoke(std::uint64_t round, revoked what) : round_{round}, event_{std::move(what)} {}

  std::uint64_t round() const noexcept { return round_; }
  const revoked& what() const noexcept { return event_; }

  /// Whether the workers of this round still drain.
  bool is_draining(std::uint64_t round) const noexcept { return round == round_ && !is_drained_; }
  bool is_drained() const noexcept { return is_drained_; }

  /// The workers have drained. `in_time`: all of them did so before the deadline.
  void drained(bool in_time) noexcept {
    is_drained_ = true;
    is_overdue_ = !in_time;
  }
  bool is_overdue() const noexcept { return is_overdue_; }

  /// Whether this partition is drained, and waits only for its last commit.
  bool has_drained(const topic_partition& which) const {
    return is_drained_ && std::ranges::find(event_.partitions, which) != event_.partitions.end();
  }

  /// The last commit was sent.
  void sent(token commit) noexcept { last_commit_ = commit; }
  bool waits_for(token commit) const noexcept { return last_commit_ == commit; }

private:
  std::uint64_t round_;
  revoked event_;
  bool is_drained_ = false;
  bool is_overdue_ = false;
  std::optional<token> last_commit_;
};

} // namespace ottla::kafka

#pragma once

#include <cstdint>

namespace ottla::kafka {

/// Counts the probes that must precede a real commit. A probe is an empty commit.
///
/// librdkafka's main thread processes its queue in order. When the main thread answers the first
/// probe, it has processed all earlier responses of brokers. One of these responses may trigger a
/// join. The other probes give the broker's thread time to send the JoinGroup request.
///
/// A response that can trigger a join restarts the series of probes, at most once. So a member
/// commits even if a heartbeat response arrives during every series of probes.
class join_probes {
public:
  static constexpr int in_a_row = 10;

  bool are_under_way() const noexcept { return left_ > 0; }

  /// Call when the first probe is sent. `causes` is join_watch::causes_to_join(), which grows with
  /// each received response that can trigger a join.
  void begin(std::uint64_t causes) noexcept {
    start(causes);
    was_restarted_ = false;
  }

  /// Call when a probe is answered. If true, send another probe. If false, send the commit.
  bool needs_another(std::uint64_t causes) noexcept {
    if (--left_ > 0)
      return true;
    if (causes == causes_ || was_restarted_)
      return false;
    start(causes);
    was_restarted_ = true;
    return true;
  }

  void end() noexcept { left_ = 0; }

private:
  void start(std::uint64_t causes) noexcept {
    left_ = in_a_row;
    causes_ = causes;
  }

  int left_ = 0;
  std::uint64_t causes_ = 0;
  bool was_restarted_ = false;
};

} // namespace ottla::kafka

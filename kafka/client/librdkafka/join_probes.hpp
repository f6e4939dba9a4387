#pragma once

#include <cstdint>

namespace ottla::kafka {

/// How many commits of nothing, called probes, precede a commit of something.
///
/// librdkafka's main thread answers a probe in its order among all that it has to do. So before it
/// answers the first one, it has read the answers of brokers that came earlier, and one of them may
/// have it join. The other probes leave a broker's thread the time to send the request to join.
///
/// A cause that comes during the probes starts them anew, once. A member that is woken so seldom
/// that each series meets a heartbeat commits all the same.
class join_probes {
public:
  static constexpr int in_a_row = 10;

  bool are_under_way() const noexcept { return left_ > 0; }

  /// The first probe is sent next. `causes`: answers so far that can have librdkafka join.
  void begin(std::uint64_t causes) noexcept {
    start(causes);
    was_restarted_ = false;
  }

  /// A probe is answered. True: another one is due; false: the commit is.
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

#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// What a text says, without what differs each time that the same failure is told: times,
/// durations, counts, the ids of brokers, and ports of the client's own sockets.
std::string gist_of(std::string_view text);

/// Which failures were told lately. A broker that is away fails every few seconds, with another
/// number each time; two such brokers fail in turns.
class repetition {
public:
  /// Whether the gist is none of the last 32. A gist that is told again counts as the latest.
  bool is_new(std::string_view text);

  /// The failures are over: each counts as new when it comes again.
  void forget() { told_.clear(); }

private:
  std::deque<std::string> told_;
};

} // namespace ottla::kafka

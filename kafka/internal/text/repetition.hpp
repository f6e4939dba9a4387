#pragma once

#include <cstddef>
#include <deque>
#include <string_view>

namespace ottla::kafka {

/// Remembers which failures were reported lately. A broker that is down fails every few seconds,
/// with another number each time. Many brokers or partitions fail in turns.
///
/// Keeps hashes of gists, so at most 32 KiB. Two gists with one hash count as one.
class repetition {
public:
  static constexpr std::size_t most_gists = 4096;

  /// True if the text's gist is not one of the last 4,096. A repeated gist counts as the latest.
  bool is_new(std::string_view text);

  /// The failures are over: each counts as new when it recurs.
  void forget() { gists_.clear(); }

private:
  /// Hashes, the latest last.
  std::deque<std::size_t> gists_;
};

} // namespace ottla::kafka

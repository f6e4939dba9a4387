#pragma once

#include <cstddef>
#include <deque>
#include <string_view>

namespace ottla::kafka {

/// Remembers recently reported failures. A broker that is down fails every few seconds, with
/// different numbers in each text. Many brokers or partitions may fail in turn.
///
/// Keeps at most 4,096 hashes of gists, which need 32 KiB. Two gists with the same hash count as
/// one.
class repetition {
public:
  static constexpr std::size_t most_gists = 4096;

  /// True if the text's gist is not among the last 4,096 gists. A repeated gist becomes the latest
  /// gist.
  bool is_new(std::string_view text);

  /// Call when the failures are over. Each failure counts as new when it recurs.
  void forget() { gists_.clear(); }

private:
  /// Hashes, the latest last.
  std::deque<std::size_t> gists_;
};

} // namespace ottla::kafka

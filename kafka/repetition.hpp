#pragma once

#include <cstddef>
#include <deque>
#include <string_view>

namespace ottla::kafka {

/// Which failures were told lately. A broker that is away fails every few seconds, with another
/// number each time; many brokers or partitions fail in turns.
///
/// Keeps hashes of gists, so at most 32 KiB. Two gists with one hash count as one.
class repetition {
public:
  static constexpr std::size_t most_told = 4096;

  /// Whether the gist is none of the last 4,096. A gist that is told again counts as the latest.
  bool is_new(std::string_view text);

  /// The failures are over: each counts as new when it comes again.
  void forget() { told_.clear(); }

private:
  /// Hashes, the latest last.
  std::deque<std::size_t> told_;
};

} // namespace ottla::kafka

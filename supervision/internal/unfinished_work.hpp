#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ottla {

/// Work that processes did not finish in a stop, for the report of the stop.
///
/// Thread safety: call from any thread.
class unfinished_work {
public:
  /// Adds a line: the path of the process, and its text. For example
  /// `shop/orders/producing/producer: 4 of 10 records were not confirmed`.
  void add(std::string_view path, std::string_view what);

  /// The lines, in the order of their additions.
  std::vector<std::string> lines() const;

private:
  mutable std::mutex guard_;
  std::vector<std::string> lines_;
};

} // namespace ottla

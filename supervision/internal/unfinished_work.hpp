#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ottla {

/// What processes had to leave undone when they were stopped, for the report of the stop.
///
/// Thread safety: call from any thread.
class unfinished_work {
public:
  /// `path` is the path of the process. A line then reads
  /// `orders/producing/shared_producer: 4 of 10 records were not confirmed`.
  void add(std::string_view path, std::string_view what);

  /// In the order they were added.
  std::vector<std::string> lines() const;

private:
  mutable std::mutex guard_;
  std::vector<std::string> lines_;
};

} // namespace ottla

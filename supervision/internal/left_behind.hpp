#pragma once

#include <ottla/actors/caf.hpp>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// Processes that hang: their supervisors have given them up, but they still hold a thread.
///
/// Thread safety: call from any thread.
class left_behind {
public:
  void add(std::string path, const caf::actor& process);

  /// Paths of those that have not ended since.
  std::vector<std::string> paths() const;

private:
  mutable std::mutex guard_;
  std::vector<std::pair<std::string, caf::actor_addr>> all_;
};

} // namespace ottla

#pragma once

#include <ottla/actors/caf.hpp>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// Processes that hang and were abandoned by their supervisors. Each may still hold a thread.
///
/// Thread safety: call from any thread.
class left_behind {
public:
  void add(std::string path, const caf::actor& process);

  /// Paths of the processes that have not ended.
  std::vector<std::string> paths() const;

private:
  mutable std::mutex guard_;
  std::vector<std::pair<std::string, caf::actor_addr>> all_;
};

} // namespace ottla

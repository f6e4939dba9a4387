#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace ottla {

/// Processes that did not end in time during the end of the whole tree, and were killed by their
/// supervisors. Earlier kills are not logged here, and only cause events.
///
/// Thread safety: call from any thread.
class kill_log {
public:
  /// The root of the tree is ending, by itself or on request.
  void tree_ends();

  /// Ignored before tree_ends().
  void add(std::string path);

  /// Removes a process that ended by itself before the kill reached it.
  void remove(const std::string& path);

  std::vector<std::string> paths() const;

private:
  mutable std::mutex guard_;
  bool tree_ends_ = false;
  std::vector<std::string> paths_;
};

} // namespace ottla

#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace ottla {

/// Processes that supervisors killed because they did not end in time, once the whole tree is
/// ending. Processes killed earlier are replaced or were meant to go, and are reported only as
/// events.
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

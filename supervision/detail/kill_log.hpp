#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace ottla {

/// Processes that supervisors killed because they did not end in time, from the moment on at which
/// the whole tree ends. What is killed before is replaced, or was meant to go, and is told as an
/// event only.
///
/// Thread safety: call from any thread.
class kill_log {
public:
  /// The root of the tree ends, by itself or because it was asked to.
  void tree_ends();

  /// Ignored before tree_ends().
  void add(std::string path);

  /// The process has ended by itself before the kill reached it.
  void remove(const std::string& path);

  std::vector<std::string> paths() const;

private:
  mutable std::mutex guard_;
  bool tree_ends_ = false;
  std::vector<std::string> paths_;
};

} // namespace ottla

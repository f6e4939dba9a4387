#pragma once

#include <ottla/supervision/detail/child_row.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace ottla {

/// The processes that a supervisor has started, shared with its own supervisor, which after the
/// death of this one waits until all of them are gone too: so a replacement never meets a name, or
/// a Kafka handle, that is still held. Whoever stops the program asks it who is left.
///
/// Thread safety: for its supervisor's thread; what is const and says so, for any.
class offspring {
public:
  using key = std::uint64_t;

  child_row& add(std::shared_ptr<child_row> one);
  /// Null if there is none.
  std::shared_ptr<child_row> remove(key which);
  void mark_ending(child_row& one);
  child_row* find(key which);

  const std::unordered_map<key, std::shared_ptr<child_row>>& all() const noexcept {
    return members_;
  }
  /// In the order of their starts.
  std::vector<key> keys() const;
  std::size_t size() const noexcept { return members_.size(); }

  /// Those that live, and what lives below those that do not, in the order of their starts: what
  /// they are, and nothing of what their supervisor thinks of them. From any thread.
  std::vector<std::shared_ptr<child_row>> survivors() const;

  struct member {
    std::string path;
    bool ending = false;
  };
  /// Those that live, whole subtrees, supervisors after what is below them. From any thread.
  std::vector<member> living() const;

private:
  mutable std::mutex guard_;
  std::unordered_map<key, std::shared_ptr<child_row>> members_;
};

} // namespace ottla

#pragma once

#include <ottla/actors/start.hpp>
#include <ottla/supervision/internal/child_row.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace ottla {

/// The processes that a supervisor has started. The supervisor above shares this table. After the
/// owner's death, the supervisor above waits until all these processes have ended. So a replacement
/// never finds a name or a Kafka handle still held. A stop of the program reads the table for the
/// processes that remain.
///
/// Thread safety: call from the supervisor's thread only, unless the function says otherwise.
class child_processes : public detail::children_data {
public:
  using key = std::uint64_t;

  child_row& add(std::shared_ptr<child_row> one);
  /// Null if the key is unknown.
  std::shared_ptr<child_row> remove(key which);
  void mark_ending(child_row& one);
  child_row* find(key which);

  const std::unordered_map<key, std::shared_ptr<child_row>>& all() const noexcept {
    return members_;
  }
  /// In the order of their starts.
  std::vector<key> keys() const;
  std::size_t size() const noexcept { return members_.size(); }

  /// The living processes, and living descendants of dead processes, each once, in the order of
  /// their starts. Copies only spec, label, process, children and key. Call from any thread.
  std::vector<std::shared_ptr<child_row>> survivors() const;

  struct member {
    std::string path;
    bool is_ending = false;
  };
  /// The living processes of the whole subtree, each once, each supervisor after its children. Call
  /// from any thread.
  std::vector<member> living() const;

private:
  void add_survivors(std::map<key, std::shared_ptr<child_row>>& found) const;
  void add_living(std::vector<member>& result, std::set<key>& seen) const;

  mutable std::mutex guard_;
  std::unordered_map<key, std::shared_ptr<child_row>> members_;
};

/// The table that a supervisor was started with. Null if it was started without a table.
inline std::shared_ptr<child_processes> children_of(const process_context& supervisor) {
  return std::static_pointer_cast<child_processes>(supervisor.children);
}

} // namespace ottla

#pragma once

#include <ottla/actors/caf.hpp>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace bench {

/// The floor: a map with a lock, as in a program without a registry. Does not monitor the
/// processes.
class locked_map {
public:
  explicit locked_map(caf::actor_system&) {}

  void take(const std::string& name, const caf::actor& who) {
    const std::unique_lock lock{guard_};
    names_.emplace(name, who);
  }

  void give_back(const std::string& name, const caf::actor&) {
    const std::unique_lock lock{guard_};
    names_.erase(name);
  }

  /// Calls `use` under the lock.
  template <class Use>
  bool visit(const std::string& name, Use use) const {
    const std::shared_lock lock{guard_};
    const auto found = names_.find(name);
    if (found == names_.end() || !ottla::is_alive(found->second))
      return false;
    use(found->second);
    return true;
  }

  caf::actor whereis(const std::string& name) const {
    caf::actor holder;
    {
      const std::shared_lock lock{guard_};
      const auto found = names_.find(name);
      if (found == names_.end())
        return {};
      holder = found->second;
    }
    return ottla::is_alive(holder) ? holder : caf::actor{};
  }

  /// No work is left after a write.
  void settle() {}

private:
  mutable std::shared_mutex guard_;
  std::unordered_map<std::string, caf::actor> names_;
};

} // namespace bench

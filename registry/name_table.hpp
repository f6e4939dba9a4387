#pragma once

#include <ottla/actors/directory.hpp>
#include <ottla/actors/process_ref.hpp>

#include <cstddef>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ottla {

/// The names of one registry. It belongs to whoever starts the registry, so that the registry
/// process may crash without a living process losing its name, and look-ups go on meanwhile.
///
/// A name is held by the living only: the dead are never found and never in the way, even before
/// the registry has cleared them away. Holding a name keeps no process alive.
///
/// Thread safety: call from any thread.
class name_table : public directory, public std::enable_shared_from_this<name_table> {
public:
  /// Longest name, in bytes.
  static constexpr std::size_t longest_name = 300;

  caf::actor whereis(std::string_view name) const override;

  /// Throws std::invalid_argument, quoting the name, for one that is empty, longer than
  /// longest_name or holds control characters.
  caf::actor claim(std::string_view name, const caf::actor& who) override;
  void release(std::string_view name, const caf::actor& who) override;

  /// Frees `name` where the given process, which is dead, still holds it. For the registry.
  void forget(std::string_view name, const caf::actor_addr& who);

  /// Frees what only the dead hold. For a starting registry: nobody watched them.
  void forget_the_dead();

  /// The names that start with `prefix` and whose holders live, by name.
  std::vector<std::pair<std::string, caf::actor>> select(std::string_view prefix) const;

  /// Names in the table, those of the dead that are not cleared away yet included.
  std::size_t size() const;

  /// The registry that clears away the dead; it is told of each new holder.
  void watch_with(caf::actor registry);

private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  mutable std::shared_mutex guard_;
  std::unordered_map<std::string, caf::actor_addr, text_hash, std::equal_to<>> names_;
  caf::actor_addr registry_;
};

} // namespace ottla

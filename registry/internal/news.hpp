#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/registry/name_events.hpp>

#include <cstddef>
#include <deque>
#include <iterator>
#include <utility>
#include <variant>

namespace ottla::detail {

using name_event = std::variant<name_registered, name_unregistered>;

/// The changes that a table reports to its registry. The table's lock guards them.
///
/// Events are in the order of the changes on all threads. Events wait here until a registry takes
/// them, so a crash of the registry loses no waiting event. Changes of holders are dropped at a
/// crash, since the next registry reads all holders.
class news {
public:
  /// Reports to this registry from now on. Reports events only if the registry has listeners.
  void watch_with(caf::actor_addr registry, bool listens) {
    registry_ = std::move(registry);
    listens_ = listens;
    on_its_way_ = false;
    holders_.clear();
  }

  bool is_listened_to() const noexcept { return listens_; }
  /// Maximum number of events that wait while no registry lives. Further events replace the oldest,
  /// since a registry may never start.
  static constexpr std::size_t most_unread = 100'000;
  void happened(name_event what) {
    if (!has_reader_ && events_.size() >= most_unread)
      events_.pop_front();
    events_.push_back(std::move(what));
  }

  /// Reports that the process got its first name or lost its last name.
  void changed(caf::actor_addr holder) { holders_.push_back(std::move(holder)); }

  /// The registry, even if it is dead and its memory is still in use; null if there is none.
  /// Updates has_reader(), which is false for a dead registry. Release the table's lock before this
  /// handle, since this handle may be the last one.
  caf::actor reader() {
    auto found = caf::actor_cast<caf::actor>(registry_);
    has_reader_ = is_alive(found);
    return found;
  }

  /// Whether the registry lived at the last call of reader().
  bool has_reader() const noexcept { return has_reader_; }

  /// Whether to notify the registry. True only once until the registry takes the changes.
  bool is_to_be_told() noexcept {
    return has_reader_ && (!holders_.empty() || !events_.empty())
           && !std::exchange(on_its_way_, true);
  }

  /// Takes at most `most` holders. A caller that gets `most` holders must call again.
  std::deque<caf::actor_addr> take_holders(std::size_t most) {
    on_its_way_ = holders_.size() >= most;
    if (!on_its_way_)
      return std::exchange(holders_, {});
    const auto end = holders_.begin() + static_cast<std::ptrdiff_t>(most);
    std::deque<caf::actor_addr> taken{std::move_iterator{holders_.begin()},
                                      std::move_iterator{end}};
    holders_.erase(holders_.begin(), end);
    return taken;
  }
  std::deque<name_event> take_events() { return std::exchange(events_, {}); }

private:
  caf::actor_addr registry_;
  bool has_reader_ = false;
  bool listens_ = false;
  bool on_its_way_ = false;
  // Deques, since the growth of a vector would stall a write.
  std::deque<caf::actor_addr> holders_;
  std::deque<name_event> events_;
};

} // namespace ottla::detail

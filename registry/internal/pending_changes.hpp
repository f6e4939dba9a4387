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

/// The changes of a table that its registry has not taken yet. The table's lock guards them.
///
/// Events are in the order of the changes on all threads. Events wait here until a registry takes
/// them, so a crash of the registry loses none of them, unless more than most_events wait. The next
/// registry drops the changes of holders, since it reads all holders at its start.
class pending_changes {
public:
  /// Reports to this registry from now on. Reports events only if the registry has listeners.
  void report_to(caf::actor_addr registry, bool has_listeners) {
    registry_ = std::move(registry);
    has_listeners_ = has_listeners;
    notified_ = false;
    changed_holders_.clear();
  }

  bool has_listeners() const noexcept { return has_listeners_; }
  /// Maximum number of events that wait while no registry lives. Further events replace the oldest,
  /// since a dead registry may never be restarted.
  static constexpr std::size_t most_events = 100'000;
  void add_event(name_event event) {
    if (!registry_lives_ && events_.size() >= most_events)
      events_.pop_front();
    events_.push_back(std::move(event));
  }

  /// The process got its first name or lost its last name.
  void add_holder(caf::actor_addr holder) { changed_holders_.push_back(std::move(holder)); }

  /// The registry, even if it is dead and its memory is still in use; null if there is none.
  /// Updates registry_lives(). Release the table's lock before this handle, since this handle may
  /// be the last one.
  caf::actor find_registry() {
    auto found = caf::actor_cast<caf::actor>(registry_);
    registry_lives_ = is_alive(found);
    return found;
  }

  /// Whether the registry lived at the last call of find_registry().
  bool registry_lives() const noexcept { return registry_lives_; }

  /// Whether to notify the registry. True only once until the registry takes the changes.
  bool must_notify() noexcept {
    return registry_lives_ && (!changed_holders_.empty() || !events_.empty())
           && !std::exchange(notified_, true);
  }

  /// Takes at most `most` holders. A caller that gets `most` holders must call again.
  std::deque<caf::actor_addr> take_changed_holders(std::size_t most) {
    notified_ = changed_holders_.size() >= most;
    if (!notified_)
      return std::exchange(changed_holders_, {});
    const auto end = changed_holders_.begin() + static_cast<std::ptrdiff_t>(most);
    std::deque<caf::actor_addr> taken{std::move_iterator{changed_holders_.begin()},
                                      std::move_iterator{end}};
    changed_holders_.erase(changed_holders_.begin(), end);
    return taken;
  }
  std::deque<name_event> take_events() { return std::exchange(events_, {}); }

private:
  caf::actor_addr registry_;
  bool registry_lives_ = false;
  bool has_listeners_ = false;
  bool notified_ = false;
  // Deques, since the growth of a vector would stall a write.
  std::deque<caf::actor_addr> changed_holders_;
  std::deque<name_event> events_;
};

} // namespace ottla::detail

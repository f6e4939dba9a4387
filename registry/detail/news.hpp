#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/registry/messages.hpp>

#include <cstddef>
#include <deque>
#include <iterator>
#include <utility>
#include <variant>

namespace ottla::detail {

using name_event = std::variant<name_registered, name_unregistered>;

/// What a table has to tell its registry. The table's lock guards it.
///
/// Events are in the order in which they happened, whoever's thread they happened in, and wait here
/// until a registry takes them: its crash loses none. What changed for holders does not wait, as
/// the next registry looks at all of them.
class news {
public:
  /// From now on that one is told; and of events, where it has listeners.
  void watch_with(caf::actor_addr registry, bool listens) {
    registry_ = std::move(registry);
    listens_ = listens;
    on_its_way_ = false;
    holders_.clear();
  }

  bool is_listened_to() const noexcept { return listens_; }
  /// So many wait while no registry lives; then the oldest are dropped, as none may ever come.
  static constexpr std::size_t most_unread = 100'000;
  void happened(name_event what) {
    if (!has_reader_ && events_.size() >= most_unread)
      events_.pop_front();
    events_.push_back(std::move(what));
  }

  /// That this process got its first name or lost its last.
  void changed(caf::actor_addr holder) { holders_.push_back(std::move(holder)); }

  /// The registry; null while none lives. To be let go after the table's lock.
  caf::actor reader() {
    auto found = caf::actor_cast<caf::actor>(registry_);
    has_reader_ = is_alive(found);
    return found;
  }

  /// As it was at the last look.
  bool has_reader() const noexcept { return has_reader_; }

  /// Whether somebody is to be told to look; once until it does.
  bool is_to_be_told() noexcept {
    return has_reader_ && (!holders_.empty() || !events_.empty())
           && !std::exchange(on_its_way_, true);
  }

  /// At most so many; whoever gets them all looks again.
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
  // Not vectors, whose growth would stall a write.
  std::deque<caf::actor_addr> holders_;
  std::deque<name_event> events_;
};

} // namespace ottla::detail

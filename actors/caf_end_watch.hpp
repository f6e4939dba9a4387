#pragma once

#include <ottla/actors/caf.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace ottla {

/// Identifies an end_watch among the watches of one actor.
struct end_watch_key {
  enum class kind : std::uint8_t { link, monitor, gather_tree };

  kind what;
  /// The actor that the watch informs; null if there is none.
  caf::actor_addr to = {};
  std::uint64_t number = 0;

  bool operator==(const end_watch_key& other) const {
    return what == other.what && number == other.number && to == other.to;
  }
};

/// A callback for the end of an actor. Attach it to the actor with attach(). ended() runs when the
/// actor ends, or at once if the actor has already ended. CAF's links and monitors can only send a
/// message.
class end_watch : public caf::attachable {
public:
  explicit end_watch(end_watch_key key) : key_{std::move(key)} {}

  const end_watch_key& key() const noexcept { return key_; }

  bool matches(const token& what) final;

  /// Runs on the thread on which the actor ends, and delays the rest of the actor's end. If the
  /// actor has already ended, runs on the thread that calls attach().
  virtual void ended(const caf::error& why) = 0;

private:
#if OTTLA_CAF_1
  void actor_exited(const caf::error& why, caf::scheduler*) final {
    ended(why);
  }
#else
  void actor_exited(const caf::error& why, caf::execution_unit*) final {
    ended(why);
  }
#endif

  const end_watch_key key_;
};

using end_watch_ptr = std::unique_ptr<end_watch>;

/// Attaches the watch to the actor. Call from any thread.
void attach(caf::abstract_actor& to, end_watch_ptr watch);

/// Removes the watches with that key from the actor, and returns their number. Call from any
/// thread.
std::size_t detach(caf::abstract_actor& from, const end_watch_key& key);

// For callers inside a critical section of the actor.

/// Attaches the watch unless the actor already has a watch with the same key.
void attach_once_locked(caf::event_based_actor& to, end_watch_ptr watch);

/// Removes the watches with that key from the actor, and returns their number.
std::size_t detach_locked(caf::event_based_actor& from, const end_watch_key& key);

} // namespace ottla

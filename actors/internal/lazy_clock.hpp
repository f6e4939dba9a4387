#pragma once

#include <ottla/actors/caf.hpp>

#if !OTTLA_CAF_1

#  include <compare>
#  include <condition_variable>
#  include <map>
#  include <mutex>
#  include <utility>
#  include <vector>

namespace ottla::detail {

/// CAF's timers. A caller that sets or cancels a timer changes the table itself. CAF's own clock
/// wakes its thread for each such call, and for each actor that ends: two needless context
/// switches.
///
/// Thread safety: call from any thread.
class lazy_clock final : public caf::actor_clock {
public:
  void set_ordinary_timeout(time_point at, caf::abstract_actor* self, caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point at, caf::abstract_actor* self, caf::atom_value type,
                         std::uint64_t id) override;
  void set_request_timeout(time_point at, caf::abstract_actor* self, caf::message_id id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point at, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point at, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;
  void cancel_all() override;

  /// Sends due messages until close(). Call it on a separate thread.
  void run();
  void close();

private:
  enum class kind : std::uint8_t { ordinary, multi, request, message, group_message };

  struct timer {
    kind what;
    /// Tells a timeout from the others of its actor.
    std::uint64_t number = 0;
    caf::atom_value type{};
    caf::strong_actor_ptr receiver;
    caf::mailbox_element_ptr content;
    caf::group group;
    caf::message group_content;
  };
  using timers = std::multimap<time_point, timer>;
  /// Finds a timer that an actor cancels. CAF never cancels the deadline of an answered call. So an
  /// actor may have thousands of timers, and a search through all of them would be slow.
  struct key {
    caf::actor_id who;
    kind what;
    std::uint64_t number;

    auto operator<=>(const key&) const = default;
  };
  using timers_of_actors = std::multimap<key, timers::iterator>;

  void add(time_point at, timer what);
  static key key_of(const timer& what);
  void add_for(time_point at, timer what);
  void note_first(time_point at);
  /// Removes a timeout of that actor. The caller drops it after the lock: the release of the last
  /// handle ends the actor, which calls this clock again.
  timers::node_type take(const key& which);
  void forget(timers::iterator which);
  static void send(timer& due);

  std::mutex guard_;
  std::condition_variable changed_;
  timers due_;
  timers_of_actors by_actor_;
  std::uint64_t messages_ = 0;
  /// The thread sleeps until then.
  time_point wakes_at_ = time_point::max();
  bool closed_ = false;
};

} // namespace ottla::detail

#endif

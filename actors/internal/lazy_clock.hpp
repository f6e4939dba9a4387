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

/// The clock of handoff_scheduler, with all timers of CAF. A caller that sets or cancels a timer
/// changes the table itself. A new timer wakes the clock's thread only if this timer is due first.
///
/// Why it exists: CAF's clock wakes its thread for each timer that is set or cancelled, and for
/// each actor that ends. Each wake-up costs two needless context switches. Gain: a call with a
/// deadline takes 0.97 µs, against 2.6 µs with CAF's `sharing` and CAF's clock
/// (docs/results/supervision.md). The difference includes the gain of the scheduler. Remove this
/// clock together with handoff_scheduler.
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
    /// Identifies the timeout among the timeouts of its actor.
    std::uint64_t number = 0;
    caf::atom_value type{};
    caf::strong_actor_ptr receiver;
    caf::mailbox_element_ptr content;
    caf::group group;
    caf::message group_content;
  };
  using timers = std::multimap<time_point, timer>;
  /// Finds the timer that an actor cancels. CAF does not cancel the deadline of an answered call,
  /// so an actor may have thousands of timers, and a linear search would be slow.
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
  /// Removes a timer and returns it. The caller destroys the timer without the lock, since the
  /// release of an actor's last handle ends the actor, and the end of an actor calls this clock.
  timers::node_type take(const key& which);
  void forget(timers::iterator which);
  static void send(timer& due);

  std::mutex guard_;
  std::condition_variable changed_;
  timers due_;
  timers_of_actors by_actor_;
  std::uint64_t messages_ = 0;
  /// When the sleeping thread wakes up.
  time_point wakes_at_ = time_point::max();
  bool closed_ = false;
};

} // namespace ottla::detail

#endif

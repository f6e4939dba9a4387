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

/// CAF's timers, kept by whoever sets and cancels them. CAF's own clock wakes its thread for each
/// of these, and for each actor that ends: two context switches that nobody waits for.
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

  /// Sends what is due, until close. On a thread of its own.
  void run();
  void close();

private:
  enum class kind : std::uint8_t { ordinary, multi, request, message, group_message };

  struct timer {
    kind what;
    /// Of a timeout, what tells it from others of its actor.
    std::uint64_t number = 0;
    caf::atom_value type{};
    caf::strong_actor_ptr receiver;
    caf::mailbox_element_ptr content;
    caf::group group;
    caf::message group_content;
  };
  using timers = std::multimap<time_point, timer>;
  /// What an actor cancels: one has thousands where it asks with a deadline, since CAF cancels that
  /// of no call that was answered, so each must be found without looking at the others.
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
  /// Takes a timeout of that actor away, which the caller drops when it has let go of the lock: the
  /// last handle of an actor ends it, and that comes back to this clock.
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

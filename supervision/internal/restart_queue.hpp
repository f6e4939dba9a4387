#pragma once

#include <ottla/supervision/internal/restart_plan.hpp>
#include <ottla/supervision/strategy.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// Decides for one supervisor which child is stopped or started next: in the first start, and
/// whenever failed children wait for their restart.
///
/// A failed child is due at once or after a delay. With one_for_one each child waits for itself.
/// With the other strategies a due child becomes the cause of a group: the members that still run
/// stop, the group waits for the longest delay in it, then its members start. The first start is a
/// group without a cause. next() is this table, first match first:
///
/// | state                             | step                                     |
/// |-----------------------------------|------------------------------------------|
/// | the group still stops members     | stop the first of them                   |
/// | a child is due                    | one_for_one: start it; otherwise: plan   |
/// | there is no group                 | idle                                     |
/// | the group has started all members | done                                     |
/// | the group's delay is not over     | wait                                     |
/// | otherwise                         | start the first member that is left      |
///
/// Times count from any fixed point.
class restart_queue {
public:
  using time_point = std::chrono::nanoseconds;

  enum class action : std::uint8_t {
    idle,
    /// Stop child `id` and wait for its end. It may have ended already.
    stop,
    /// Start child `id` and wait until it is up. It may run already.
    start,
    /// Call plan() with `id`.
    plan,
    /// Nothing before `until`.
    wait,
    /// All members of the group, or of the first start, have been started.
    done,
  };
  struct step {
    action what = action::idle;
    std::string id = {};
    time_point until{};

    bool operator==(const step&) const = default;
  };
  /// What plan() needs to know of a child.
  struct member {
    std::string id = {};
    bool temporary = false;
    /// It has a process, or starts.
    bool running = false;
  };

  explicit restart_queue(strategy how) : how_{how} {}

  /// The first start of all children.
  void begin(std::vector<std::string> children);

  /// A child failed and is to be started again after `delay`.
  void failed(const std::string& id, time_point now, std::chrono::nanoseconds delay = {});

  /// A child has no process any more that the group has stopped, or was about to stop. It waits if
  /// the group starts it again.
  void stopped(const std::string& id);

  /// A member did not start. It is to be reported with failed(), which plans the group again.
  void drop_group() { group_.reset(); }

  /// The child has been started, on whosever behalf.
  void started(const std::string& id) { waiting_.erase(id); }

  /// Someone asks for the end of a child that may wait or start: it is not started again. If it is
  /// the cause of the group, the group stays down, as in OTP.
  void cancel(const std::string& id, bool is_starting);

  /// Nothing is started any more. Children that wait still count as such.
  void abandon();

  /// Call only if no child of an earlier step is still stopping or starting.
  step next(time_point now);

  /// The restart of a due child, as next() has asked for. `children` are all, in start order.
  void plan(const std::string& failed, std::span<const member> children);

  /// Children whose delay is over become due.
  void wake(time_point now);
  /// When to call wake() next; nullopt if no single child has a delay.
  std::optional<time_point> wake_time() const;

  /// Whether the child is going to be started again.
  bool waits(const std::string& id) const { return waiting_.contains(id); }
  /// Whether the group is yet going to stop the child.
  bool will_stop(const std::string& id) const;
  /// Whether the delay of a group is all that is pending.
  bool only_waits(time_point now) const;

private:
  struct group {
    restart_plan left = {};
    time_point not_before{};
    /// The child whose failure caused the restart; empty in the first start.
    std::string cause = {};
  };

  /// Also restarts earlier children of `before` that still wait for their start.
  void join(const group& before);
  bool is_queued(const std::string& id, time_point not_before) const;

  strategy how_;
  std::optional<group> group_;
  std::deque<std::string> due_;
  /// With one_for_one, the children that wait for their delay.
  std::set<std::pair<time_point, std::string>> delayed_;
  /// Every child that is going to be started again, and the end of its delay.
  std::map<std::string, time_point> waiting_;
};

} // namespace ottla

#pragma once

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

/// Decides for one supervisor which child to stop or start next, in the first start and in restarts
/// of failed children.
///
/// The strategy says when a failed child is due, and which children restart with it:
///
/// | strategy     | the failed child is due | what restarts                                |
/// |--------------|-------------------------|----------------------------------------------|
/// | one_for_one  | after its own delay     | the failed child alone                       |
/// | rest_for_one | at once                 | a group: the child and all children after it |
/// | one_for_all  | at once                 | a group: all children                        |
///
/// The members of a group stop in reverse order. The group then waits for the longest delay of its
/// members, and starts them in order. Temporary members are not started again. The first start is a
/// group too, of all children and without a cause. next() follows this table, in which the first
/// match wins:
///
/// | state                             | step                                     |
/// |-----------------------------------|------------------------------------------|
/// | the group still stops members     | stop the first of them                   |
/// | a child is due                    | one_for_one: start it; otherwise: plan   |
/// | there is no group                 | idle                                     |
/// | the group has started all members | done                                     |
/// | the group's delay is not over     | wait                                     |
/// | otherwise                         | start the next member                    |
///
/// Times count from any fixed point.
class restart_queue {
public:
  using time_point = std::chrono::nanoseconds;

  enum class action : std::uint8_t {
    idle,
    /// Stop child `id` and wait for its end. The child may have ended already.
    stop,
    /// Start child `id` and wait until it is up. The child may run already.
    start,
    /// Call plan() with `id`.
    plan,
    /// Call next() again at `until`.
    wait,
    /// The group, or the first start, has started all members.
    done,
  };
  struct step {
    action what = action::idle;
    std::string id = {};
    time_point until{};

    bool operator==(const step&) const = default;
  };
  /// The state of a child that plan() needs.
  struct member {
    std::string id = {};
    bool temporary = false;
    /// Whether the child has a process. True during its start, too.
    bool running = false;
  };

  explicit restart_queue(strategy how) : how_{how} {}

  /// Begins the first start, of all children.
  void begin(std::vector<std::string> children);

  /// Restarts a failed child after `delay`.
  void restart(const std::string& id, time_point now, std::chrono::nanoseconds delay = {});

  /// Call only if no child of an earlier step is still stopping or starting.
  step next(time_point now);

  /// Plans the restart of a due child after action::plan. `children` are all children, in start
  /// order.
  void plan(const std::string& failed, std::span<const member> children);

  /// A child that the group stops has ended. If the group restarts the child, waits() becomes true
  /// for it.
  void member_stopped(const std::string& id);

  /// The child has been started, by the queue or by a request.
  void child_started(const std::string& id) { waiting_.erase(id); }

  /// A member did not start. Call restart() for the member next, which plans a new group.
  void drop_group() { group_.reset(); }

  /// A request ends a child that may wait or start. The queue does not start the child again. If
  /// the child is the cause of the group, the whole group stays down, as in OTP.
  void cancel(const std::string& id, bool is_starting);

  /// Stops all starts. waits() stays true for children that wait.
  void abandon();

  /// Marks children with an expired delay as due. Only for the delays of one_for_one.
  void wake(time_point now);
  /// When to call wake() next. nullopt if no child waits for a delay of its own.
  std::optional<time_point> wake_time() const;

  /// Whether the child waits for its restart.
  bool waits(const std::string& id) const { return waiting_.contains(id); }
  /// Whether the group has yet to stop the child.
  bool will_stop(const std::string& id) const;
  /// Whether only the delay of a group is pending.
  bool only_waits(time_point now) const;

private:
  struct group {
    /// The members that the group has yet to stop, in this order.
    std::vector<std::string> stop = {};
    /// The members that the group has yet to start after the stops, in this order.
    std::vector<std::string> start = {};
    time_point not_before{};
    /// The child whose failure caused the restart. Empty in the first start.
    std::string cause = {};
  };

  /// The children that restart when `failed` is due.
  std::span<const member> members_of_group(const std::string& failed,
                                           std::span<const member> children) const;
  /// Adds children that the replaced group has not started and that this group would not start.
  void join(const group& before);
  bool is_queued(const std::string& id, time_point not_before) const;

  strategy how_;
  std::optional<group> group_;
  std::deque<std::string> due_;
  /// With one_for_one, the children that wait for their delay.
  std::set<std::pair<time_point, std::string>> delayed_;
  /// Every child that waits for its restart, and the end of its own delay. 0 means no delay. Until
  /// abandon(), each of these children is also in due_, delayed_ or the group, or next() has
  /// returned its step and that step is not finished.
  std::map<std::string, time_point> waiting_;
};

} // namespace ottla

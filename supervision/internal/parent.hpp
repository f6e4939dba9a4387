#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/internal/child_processes.hpp>
#include <ottla/supervision/internal/event_feed.hpp>
#include <ottla/supervision/internal/supervisor_messages.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// The base of all supervisors. Starts children, ends them, and waits until they and their own
/// children have ended. The derived class decides about restarts.
///
/// Each launch_child leads to launched, launch_ignored or launch_failed. Each launched child leads
/// to `ended`, which is called after the child and its own children are dead. If a child hangs, the
/// parent fences it: reports the child, stops watching it and leaves it running, since a running
/// handler cannot be interrupted.
class parent : public process {
public:
  /// Identifies one run of one child. A restart gets a new key.
  using key = std::uint64_t;

  parent(caf::actor_config& config, process_context context);

protected:
  /// Upper bound of the time from a kill to the end of the process.
  static constexpr std::chrono::nanoseconds longest_kill = std::chrono::seconds{2};

  virtual void launched(child_row& child) = 0;
  virtual void launch_ignored(std::shared_ptr<child_row> gone) = 0;
  virtual void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) = 0;
  virtual void ended(std::shared_ptr<child_row> gone, const exit_reason& why) = 0;

  /// A child with healthy_when::reported has reported healthy, for the first time in this run.
  virtual void reported_healthy(child_row& child) { static_cast<void>(child); }

  /// Whether this supervisor is healthy: every child with healthy_when::reported has reported
  /// healthy in this run, or is down. False if no such child has reported.
  virtual bool all_reported() const { return false; }

  /// The time of a wake_at has come.
  virtual void woken() {}

  /// The rows of a tree dump: nodes without their children.
  virtual std::vector<tree_node> rows() const = 0;

  /// Call this in set_up. Returns `requests` and the parent's own handlers. CAF compares a message
  /// with one handler after the other by type name, so handlers of frequent messages come first.
  caf::message_handler watch_children(caf::message_handler requests = {});

  /// Begins a new run of `child`, which needs a spec. `starter` is a request that the derived class
  /// answers.
  child_row& launch_child(std::shared_ptr<child_row> child, caf::response_promise starter = {});

  /// Begins a run of `child` with a process that already runs.
  child_row& adopt(std::shared_ptr<child_row> child, caf::actor process);

  /// Ends a child as its spec says. `ended` follows, or `launch_failed` if the child was still
  /// starting.
  void end(child_row& child);

  child_row* find(key child) { return children_->find(child); }
  /// The child that is this process. Null for dead children and orphans.
  child_row* find_living(const caf::actor& process);
  const child_processes& children() const noexcept { return *children_; }

  std::shared_ptr<const process_label> label_of(const child_spec& spec) const;

  /// Null without restart_delay and give_up_after.
  std::unique_ptr<backoff> delays_of(const child_spec& spec, const process_label& label) const;

  /// Claims the name for a process to adopt. Returns the error if the claim fails.
  child_result claim_for(const process_label& label, const caf::actor& process) const;

  /// Calls woken() at that time or later. If the time has passed, calls woken() soon.
  void wake_at(std::chrono::nanoseconds at);
  std::chrono::nanoseconds time() { return now().time_since_epoch(); }

  /// Sends an event to the observer and the subscribers. Skips building the event if there are
  /// none.
  void report(process_event::kind what, const process_label& whom, const exit_reason& why = {},
              process_event::decision then = process_event::decision::none,
              std::chrono::nanoseconds delay = {}, std::size_t restarts = 0);

  void terminated() override;

private:
  void start_answered(const process_started& answer);
  void start_refused(const detail::start_refused& refusal);
  void heard_healthy();

  // From the DOWN of a child to `ended`. Orphans are the children of a dead child.

  void down(const caf::actor_addr& whom, const caf::error& why);
  void orphan_down(const child_row& orphan);
  /// Kills the orphans, and waits for their ends before the end of `dead` is reported.
  void kill_orphans(child_row& dead, std::vector<std::shared_ptr<child_row>> orphans);
  /// Reports the end of a dead child if no orphan is left.
  void finish(child_row& dead);
  /// Calls ended, launch_ignored or launch_failed for a child that has left the table.
  void report_outcome(std::shared_ptr<child_row> gone, const exit_reason& why);
  /// Gives up a child that hangs, and the orphans that hang.
  void fence(child_row& child);
  /// Stops watching the process of a fenced child, and releases its names.
  void leave_behind(const child_row& child);

  // Deadlines.

  /// The time left in a stop of the application. stop_deadline::none without a stop.
  std::chrono::nanoseconds stop_left();
  /// How long to wait for the end of a killed process: longest_kill. In a stop, a quarter of the
  /// time left, at least 50 ms and at most longest_kill.
  std::chrono::nanoseconds kill_grace();
  std::chrono::nanoseconds patience_with(const child_row& child);
  void set_deadline(child_row& child, std::chrono::nanoseconds after);
  void drop_deadline(child_row& child);
  void check_deadlines(std::chrono::nanoseconds timer);
  /// The child's deadline has passed. Kills the child, or fences the child if it is already killed.
  void kill_overdue(child_row& child);
  void schedule();

  std::shared_ptr<const std::string> path_;
  std::shared_ptr<child_processes> children_;
  std::set<std::pair<std::chrono::nanoseconds, key>> deadlines_;
  std::chrono::nanoseconds wake_at_ = child_run::never;
  std::chrono::nanoseconds next_check_ = child_run::never;
  event_feed feed_;
  /// Last key of a start without a process. These keys are above all actor ids.
  key last_refused_ = key{1} << 63;
};

} // namespace ottla

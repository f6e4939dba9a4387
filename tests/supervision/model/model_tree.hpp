#pragma once

#include <ottla/supervision/supervision_errc.hpp>
#include <ottla/supervision/tree_node.hpp>

#include "course.hpp"
#include "planned_child.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::test {

struct model_team;

/// The state of a child in the model.
struct model_child {
  std::shared_ptr<const planned_child> plan = nullptr;
  child_status status = child_status::down;
  /// How often the supervisor has restarted the child.
  std::size_t restarts = 0;
  /// The children of this child. Null unless the child is a supervisor that is up.
  std::unique_ptr<model_team> team = nullptr;

  // State for restart_delay and give_up_after, which OTP does not have.
  std::size_t failures = 0;
  std::chrono::nanoseconds up_since{};
  /// The child has reported itself healthy in this run. Only with healthy_when::reported.
  bool reported_healthy = false;
  std::chrono::nanoseconds due{};
  /// The test has seen the child's last process.
  bool was_up = false;

  bool up() const { return status == child_status::up; }
  bool temporary() const { return plan->restart == restart_policy::temporary; }
};

/// One run of a supervisor.
struct model_team {
  /// A pending start of several children, which waits for the longest of their delays.
  struct waiting_group {
    model_child* cause = nullptr;
    std::vector<model_child*> members = {};
    std::chrono::nanoseconds due{};
  };

  const planned_team* plan = nullptr;
  /// The supervisor's own entry.
  model_child* self = nullptr;
  /// The team that contains `self`. Null for the root.
  model_team* above = nullptr;
  /// Children in the order of their starts.
  std::list<model_child> children = {};
  std::vector<std::chrono::nanoseconds> restarts = {};
  std::optional<waiting_group> waiting = {};

  model_child* find(const std::string& id);
  void forget(const model_child& gone);
};

/// How a process ended.
enum class model_end : std::uint8_t { normal, shutdown, crashed, killed };

/// OTP's rules for supervisors, as in OTP's reference manual and design principles. The model
/// executes the rules sequentially, without messages or actors. It uses only specs and enumerations
/// of the library. A comment marks each intended deviation of ottla.
///
/// Each call is one step. The call leaves the model in the expected state after the step.
/// take_course returns the expected actions of workers during the step. take_cues returns the
/// actions that the test must make during the step.
class model_tree {
public:
  struct cue {
    enum class kind : std::uint8_t { let_time_pass, be_ready, crash };
    kind what = kind::let_time_pass;
    std::chrono::nanoseconds time = {};
    std::string id = {};
  };

  explicit model_tree(planned_child root);

  // Events in the tree.

  void start();
  /// A child ends by itself, or is killed. If the child is a supervisor, all processes below it end
  /// in no order.
  void ended(const std::string& id, model_end why);
  /// A supervisor gets a shutdown request that is not from its own supervisor, and ends its
  /// children in order.
  void asked_to_end(const std::string& id);
  /// A worker reports itself healthy.
  void said_healthy(const std::string& id);
  /// Advances time by `by`, which must not exceed next_due().
  void let_time_pass(std::chrono::nanoseconds by);
  std::optional<std::chrono::nanoseconds> next_due() const;

  // Requests to a supervisor.

  supervision_errc start_child(model_team& of, planned_child what);
  supervision_errc terminate_child(model_team& of, const std::string& id);
  supervision_errc restart_child(model_team& of, const std::string& id);
  supervision_errc delete_child(model_team& of, const std::string& id);
  /// `what` describes the running process to adopt.
  supervision_errc adopt_child(model_team& of, planned_child what);

  // Results.

  model_child& root() { return root_; }
  /// How the root ended. nullopt if the root runs.
  const std::optional<model_end>& end_of_root() const { return end_of_root_; }
  course take_course() { return std::exchange(course_, {}); }
  std::vector<cue> take_cues() { return std::exchange(cues_, {}); }
  /// All running supervisors, including the root.
  std::vector<model_team*> teams();
  std::vector<model_child*> living_workers();

private:
  using time = std::chrono::nanoseconds;
  static constexpr auto never = time::max();
  enum class started : std::uint8_t { up, ignored, failed };

  // Starting and ending, see model_life.hpp.

  started start(model_child& child, model_team* above);
  started start_worker(model_child& child);
  started start_team(model_child& child, model_team* above);
  void end(model_child& child);
  void end_all(model_team& of);
  time end(model_child& child, time from, time limit, course& into);
  time end_all(model_team& of, time from, time limit, course& into);
  void kill(model_child& child, course& into);
  void down(model_child& child, time at);
  void pass(time until);

  // Consequences of an end, see model_restarts.hpp.

  void handle_end(model_team& of, model_child& gone, model_end why);
  void restart(model_team& of, model_child& failed);
  bool may_restart(model_team& of, model_child& failed);
  model_child* try_again(model_team& of, model_child& failed);
  model_child* start_again(model_child& child, model_team& of);
  void gather(model_team& of, model_child& failed);
  model_child* start_group(model_team& of);
  bool shuts_down_after(const model_team& of, bool significant) const;
  void finish(model_team& of);
  void finished(model_child& child, model_team* above, model_end why);

  void heard_healthy(model_child& child, model_team* above);
  void give_up_restart(model_child& child);
  supervision_errc wrong_with(const model_team& of, const planned_child& what) const;
  supervision_errc refusal_of(model_team& of, const planned_child& what) const;
  model_child* find(const std::string& id, model_team*& above);

  model_child root_;
  std::map<std::string, std::deque<init_outcome>> inits_;
  time now_{};
  course course_;
  std::vector<cue> cues_;
  std::optional<model_end> end_of_root_;
};

} // namespace ottla::test

#include "model_calls.hpp"
#include "model_life.hpp"
#include "model_restarts.hpp"

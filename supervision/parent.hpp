#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/messages.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ottla {

/// What every supervisor is made of: starting children, ending them, and being sure that they, and
/// whatever they had started, are gone. What follows from it is decided by the class on top.
///
/// A launch leads to launched, launch_ignored or launch_failed; a launched child to ended. By then
/// it is dead and its own children too, or, when nothing else helped, fenced: no longer watched,
/// reported, and left to itself, since a running handler cannot be interrupted.
class parent : public process {
public:
  using key = std::uint64_t;

  parent(caf::actor_config& config, process_context context)
    : process{config, std::move(context)} {}

protected:
  /// How long a killed process may take to notice.
  static constexpr std::chrono::nanoseconds kill_grace = std::chrono::seconds{2};

  virtual void launched(key child) = 0;
  virtual void launch_ignored(key child) = 0;
  virtual void launch_failed(key child, const std::string& why) = 0;
  virtual void ended(key child, const exit_reason& why) = 0;

  /// The rows of a tree dump: nodes without their children, and where they live.
  virtual std::vector<tree_node> rows() const = 0;

  /// To be called in init, before anything else; answers the handlers to be added to.
  caf::message_handler watch_children();

  key bring_up(const child_spec& spec);

  /// Ends a child as its spec says; `ended`, or for one still starting `launch_failed`, follows.
  void end(key child);

  bool is_ending(key child) const;
  caf::actor process_of(key child) const;
  std::optional<key> key_of(const caf::actor& process) const;
  std::size_t living() const noexcept { return children_.size(); }

  void tell(process_event::kind what, const std::string& id, const exit_reason& why = {},
            std::size_t restarts = 0) const;

  void terminated() override;

private:
  struct child {
    std::string id;
    std::string name;
    caf::actor process;
    child_type type = child_type::worker;
    std::chrono::nanoseconds patience{};
    std::shared_ptr<offspring> its;
    /// Nothing: its init is still running.
    std::optional<process_started> answer;
    bool ending = false;
    bool killed = false;
    /// Once it is dead: why, and how many of its offspring are still to be waited for.
    std::optional<exit_reason> dead;
    std::size_t orphans = 0;
    std::optional<std::chrono::nanoseconds> deadline;
  };

  struct orphan {
    key of = 0;
    offspring::member who;
  };

  std::string path_of(const std::string& id) const;
  void answered(const process_started& answer);
  void down(const caf::down_msg& message);
  void bury(key of, offspring& whose);
  void finish(key child);
  void fence(key child);
  void let_go(const caf::actor& process, const std::string& name);
  void set_deadline(key child, std::chrono::nanoseconds after);
  void drop_deadline(key child);
  void look_at_deadlines(std::chrono::nanoseconds timer);
  void schedule_deadline();
  std::chrono::nanoseconds time() { return now().time_since_epoch(); }
  caf::result<tree_node> describe(std::chrono::nanoseconds within);

  key last_key_ = 0;
  std::unordered_map<key, child> children_;
  std::unordered_map<caf::actor_id, key> key_of_process_;
  std::unordered_map<caf::actor_id, orphan> orphans_;
  std::set<std::pair<std::chrono::nanoseconds, key>> deadlines_;
  std::chrono::nanoseconds next_look_ = std::chrono::nanoseconds::max();
};

} // namespace ottla

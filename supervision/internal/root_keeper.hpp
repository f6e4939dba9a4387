#pragma once

#include <ottla/supervision/internal/parent.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ottla::detail {

/// The state of the root, for threads outside the actor system.
///
/// Thread safety: call from any thread.
class root_state {
public:
  void started();
  void failed(std::string why);
  void ended(exit_reason why);

  /// Blocks until the start succeeds or fails. Returns the reason of a failure, nullopt for
  /// success.
  std::optional<std::string> wait_started();
  /// Blocks until the root has ended. False if `until` comes first.
  bool wait_ended(std::chrono::steady_clock::time_point until);
  std::optional<exit_reason> ended() const;
  /// Whether the start has succeeded or failed.
  bool is_decided() const;
  /// Why the start failed. nullopt while the start is pending, or if it succeeded.
  std::optional<std::string> failed() const;
  /// Calls `then` when the root has ended. Calls it at once if the root has already ended.
  void when_ended(std::function<void()> then);
  /// Calls `then` when the start succeeds or fails. Calls it at once if the start is decided.
  void when_decided(std::function<void()> then);

private:
  mutable std::mutex guard_;
  std::condition_variable changed_;
  bool started_ = false;
  std::optional<std::string> failed_;
  std::optional<exit_reason> ended_;
  std::vector<std::function<void()>> at_decision_;
  std::vector<std::function<void()>> at_end_;
};

/// A request to the keeper: fulfill the promise with a dump of the tree.
struct tell_tree {
  std::shared_ptr<std::promise<std::optional<tree_node>>> into = nullptr;
};

/// Supervises the root as the root supervises its children, and reports to root_state.
class root_keeper : public parent {
public:
  root_keeper(caf::actor_config& config, process_context context, child_spec root,
              std::shared_ptr<root_state> state);

private:
  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void launched(child_row& root) override;
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;
  void ended(std::shared_ptr<child_row> gone, const exit_reason& why) override;
  std::vector<tree_node> rows() const override { return {}; }
  void terminated() override;
  void answer(const tell_tree& asked, std::optional<tree_node> tree);

  std::shared_ptr<const child_spec> spec_;
  std::shared_ptr<root_state> state_;
  key root_ = 0;
  /// Requests that are not answered yet.
  std::vector<tell_tree> asked_;
};

} // namespace ottla::detail

OTTLA_MESSAGES_BEGIN(ottla_root, ottla::supervision_type_ids + 50)
OTTLA_MESSAGE(ottla_root, (ottla::detail::tell_tree))
OTTLA_MESSAGES_END(ottla_root)

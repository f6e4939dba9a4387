#include <ottla/supervision/detail/root_keeper.hpp>

#include <utility>

namespace ottla::detail {

void root_state::started() {
  const std::lock_guard lock{guard_};
  started_ = true;
  changed_.notify_all();
}

void root_state::failed(std::string why) {
  const std::lock_guard lock{guard_};
  failed_ = std::move(why);
  ended_ = exit_reason::crashed(*failed_);
  changed_.notify_all();
}

void root_state::ended(exit_reason why) {
  std::vector<std::function<void()>> then;
  {
    const std::lock_guard lock{guard_};
    ended_ = std::move(why);
    then = std::exchange(then_, {});
    changed_.notify_all();
  }
  for (auto& each : then)
    each();
}

std::optional<std::string> root_state::wait_started() {
  std::unique_lock lock{guard_};
  changed_.wait(lock, [this] { return started_ || ended_; });
  if (started_)
    return std::nullopt;
  return failed_ ? *failed_ : to_string(*ended_);
}

bool root_state::wait_ended(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock{guard_};
  return changed_.wait_until(lock, until, [this] { return ended_.has_value(); });
}

std::optional<exit_reason> root_state::ended() const {
  const std::lock_guard lock{guard_};
  return ended_;
}

void root_state::when_ended(std::function<void()> then) {
  {
    const std::lock_guard lock{guard_};
    if (!ended_) {
      then_.push_back(std::move(then));
      return;
    }
  }
  then();
}

root_keeper::root_keeper(caf::actor_config& config, process_context context, child_spec root,
                         std::shared_ptr<root_state> state)
  : parent{config, std::move(context)}, spec_{std::move(root)}, state_{std::move(state)} {}

caf::behavior root_keeper::set_up() {
  auto handlers = watch_children();
  root_ = bring_up(spec_);
  return handlers.or_else([this](const tell_tree& tell) {
    call(
      this, process_of(root_), std::chrono::seconds{2}, describe_tree{std::chrono::seconds{1}},
      [tell](tree_node& root) { tell.into->set_value(std::move(root)); },
      [tell](const caf::error&) { tell.into->set_value(std::nullopt); });
  });
}

void root_keeper::shutdown(const exit_reason&) {
  if (living() == 0)
    stop();
  else
    end(root_);
}

void root_keeper::terminated() {
  parent::terminated();
  // Nobody may wait for ever, whatever became of this process.
  if (!state_->ended())
    state_->ended(exit_reason::killed());
}

void root_keeper::launched(key) {
  state_->started();
}

void root_keeper::launch_ignored(key) {
  state_->ended(exit_reason::normal());
  stop();
}

void root_keeper::launch_failed(key, const std::string& why) {
  state_->failed(why);
  stop();
}

void root_keeper::ended(key, const exit_reason& why) {
  state_->ended(why);
  stop();
}

} // namespace ottla::detail

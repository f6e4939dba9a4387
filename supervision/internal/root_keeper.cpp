#include <ottla/supervision/internal/root_keeper.hpp>
#include <ottla/supervision/internal/tree_context.hpp>

#include <utility>

namespace ottla::detail {

namespace {

void run_all(std::vector<std::function<void()>> todo) {
  for (auto& each : todo)
    each();
}

} // namespace

void root_state::started() {
  std::vector<std::function<void()>> then;
  {
    const std::lock_guard lock{guard_};
    started_ = true;
    then = std::exchange(at_decision_, {});
    changed_.notify_all();
  }
  run_all(std::move(then));
}

void root_state::failed(std::string why) {
  {
    const std::lock_guard lock{guard_};
    failed_ = why;
  }
  ended(exit_reason::crashed(std::move(why)));
}

void root_state::ended(exit_reason why) {
  std::vector<std::function<void()>> then;
  std::vector<std::function<void()>> at_end;
  {
    const std::lock_guard lock{guard_};
    ended_ = std::move(why);
    then = std::exchange(at_decision_, {});
    at_end = std::exchange(at_end_, {});
    changed_.notify_all();
  }
  run_all(std::move(then));
  run_all(std::move(at_end));
}

std::optional<std::string> root_state::wait_started() {
  {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [this] { return started_ || ended_; });
  }
  return failed();
}

bool root_state::wait_ended(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock{guard_};
  return changed_.wait_until(lock, until, [this] { return ended_.has_value(); });
}

std::optional<exit_reason> root_state::ended() const {
  const std::lock_guard lock{guard_};
  return ended_;
}

bool root_state::is_decided() const {
  const std::lock_guard lock{guard_};
  return started_ || ended_;
}

std::optional<std::string> root_state::failed() const {
  const std::lock_guard lock{guard_};
  if (started_ || !ended_)
    return std::nullopt;
  return failed_ ? *failed_ : to_string(*ended_);
}

void root_state::when_ended(std::function<void()> then) {
  {
    const std::lock_guard lock{guard_};
    if (!ended_) {
      at_end_.push_back(std::move(then));
      return;
    }
  }
  then();
}

void root_state::when_decided(std::function<void()> then) {
  {
    const std::lock_guard lock{guard_};
    if (!ended_ && !started_) {
      at_decision_.push_back(std::move(then));
      return;
    }
  }
  then();
}

root_keeper::root_keeper(caf::actor_config& config, process_context context, child_spec root,
                         std::shared_ptr<root_state> state)
  : parent{config, std::move(context)},
    spec_{std::make_shared<const child_spec>(std::move(root))},
    state_{std::move(state)} {}

caf::behavior root_keeper::set_up() {
  auto handlers = watch_children();
  const auto& child = launch_child(std::make_shared<child_row>(child_row{.spec = spec_}));
  root_ = child.run.key;
  if (auto* tree = tree_of(context()))
    tree->root = child.run.process.id();
  return handlers.or_else([this](const tell_tree& tell) {
    asked_.push_back(tell);
    const auto* root = find(root_);
    send_request(
      this, root == nullptr ? caf::actor{} : root->run.process, std::chrono::seconds{2},
      describe_tree{std::chrono::seconds{1}},
      [this, tell](tree_node& tree) { answer(tell, std::move(tree)); },
      [this, tell](const caf::error&) { answer(tell, std::nullopt); });
  });
}

void root_keeper::answer(const tell_tree& asked, std::optional<tree_node> tree) {
  std::erase_if(asked_, [&](const tell_tree& each) { return each.into == asked.into; });
  asked.into->set_value(std::move(tree));
}

void root_keeper::shutdown(const exit_reason&) {
  if (auto* root = find(root_))
    end(*root);
  else
    stop();
}

void root_keeper::terminated() {
  parent::terminated();
  // While a handle to this process exists, CAF keeps the handlers of open requests, and with them
  // the promises.
  for (const auto& each : asked_)
    each.into->set_value(std::nullopt);
  asked_.clear();
  // However this process ended, no thread may wait forever.
  if (!state_->ended())
    state_->ended(exit_reason::killed());
}

void root_keeper::launched(child_row&) {
  state_->started();
}

void root_keeper::launch_ignored(std::shared_ptr<child_row>) {
  state_->ended(exit_reason::normal());
  stop();
}

void root_keeper::launch_failed(std::shared_ptr<child_row>, const child_result& why) {
  state_->failed(why.text);
  stop();
}

void root_keeper::ended(std::shared_ptr<child_row>, const exit_reason& why) {
  state_->ended(why);
  stop();
}

} // namespace ottla::detail

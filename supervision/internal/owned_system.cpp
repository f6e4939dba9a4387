#include <ottla/actors/caf_blocking.hpp>
#include <ottla/supervision/internal/owned_system.hpp>

#include <condition_variable>
#include <mutex>

namespace ottla::detail {

struct owned_system::core {
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  std::mutex guard;
  std::condition_variable changed;
  bool idle = false;
  bool unwanted = false;
  bool ended = false;

  void wait_and_destroy() {
    system->await_all_actors_done();
    {
      std::unique_lock lock{guard};
      idle = true;
      changed.notify_all();
      changed.wait(lock, [this] { return unwanted; });
    }
    system.reset();
    const std::lock_guard lock{guard};
    ended = true;
    changed.notify_all();
  }
};

owned_system::owned_system(scheduling policy, std::size_t threads)
  : core_{std::make_shared<core>()} {
  const system_visit visit;
  init_message_types();
  set_scheduler(core_->config, policy, threads);
  core_->system = std::make_unique<caf::actor_system>(core_->config);
}

owned_system::~owned_system() {
  if (!waiting_.joinable())
    start_waiting();
  std::unique_lock lock{core_->guard};
  core_->unwanted = true;
  core_->changed.notify_all();
  const bool ended = core_->ended;
  lock.unlock();
  if (ended)
    waiting_.join();
  else
    waiting_.detach();
}

caf::actor_system& owned_system::get() const noexcept {
  return *core_->system;
}

bool owned_system::wait_idle(std::chrono::steady_clock::time_point until) {
  start_waiting();
  std::unique_lock lock{core_->guard};
  return core_->changed.wait_until(lock, until, [this] { return core_->idle; });
}

bool owned_system::end(std::chrono::steady_clock::time_point until) {
  start_waiting();
  std::unique_lock lock{core_->guard};
  core_->unwanted = true;
  core_->changed.notify_all();
  return core_->changed.wait_until(lock, until, [this] { return core_->ended; });
}

void owned_system::start_waiting() {
  if (!waiting_.joinable())
    waiting_ = std::thread{[core = core_] { core->wait_and_destroy(); }};
}

} // namespace ottla::detail

#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>

#include <cstddef>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

/// Waits until a load driver is done. A load driver that hangs ends the program, because its actor
/// system cannot be destroyed.
void wait_for(const std::future<void>& done);

/// An actor that does the measured work. A thread outside the actor system would pay for a wake-up
/// at each step. A load driver writes its results to a reference and then calls `finish`.
class load_driver : public caf::event_based_actor {
public:
  load_driver(caf::actor_config& config, std::promise<void> done)
    : caf::event_based_actor{config}, done_{std::move(done)} {}

  void on_exit() override {
    if (subject_)
      ottla::request_exit(subject_, ottla::to_error(ottla::exit_reason::shutdown()));
    subject_ = {};
    if (!told_)
      fail("the load driver ended early");
  }

protected:
  caf::actor self() { return caf::actor_cast<caf::actor>(this); }

  void finish() {
    told_ = true;
    done_.set_value();
    quit();
  }

  void fail(const std::string& why) {
    if (!std::exchange(told_, true))
      done_.set_exception(std::make_exception_ptr(std::runtime_error{why}));
    quit();
  }

  /// The measured process. Shut down at the end if it is still set.
  caf::actor subject_;

private:
  std::promise<void> done_;
  bool told_ = false;
};

/// The scheduler of the system that a load driver runs in.
struct scheduler {
  scheduler(ottla::scheduling how, std::size_t on = 0) : policy{how}, threads{on} {}

  ottla::scheduling policy;
  /// If 0, one thread per core, but at least two.
  std::size_t threads;
};

/// Runs a load driver in a new actor system. Returns when all actors of that system have ended.
template <class Driver, class... Args>
void run_driver(scheduler how, Args&&... args) {
  caf::actor_system_config config;
  ottla::set_scheduler(config, how.policy, how.threads);
  caf::actor_system system{config};
  std::promise<void> promise;
  auto done = promise.get_future();
  {
    const auto driving = caf::actor_cast<caf::actor>(
      system.spawn<Driver>(std::move(promise), std::forward<Args>(args)...));
    wait_for(done);
  }
  system.await_all_actors_done();
  done.get();
}

} // namespace bench

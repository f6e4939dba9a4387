#pragma once

#include <ottla/actors/caf.hpp>

#if !OTTLA_CAF_1

#  include <ottla/actors/internal/lazy_clock.hpp>
#  include <ottla/actors/internal/run_queues.hpp>

#  include <caf/detail/type_list.hpp>
#  include <caf/execution_unit.hpp>
#  include <caf/scheduler/abstract_coordinator.hpp>

#  include <cstddef>
#  include <memory>
#  include <optional>
#  include <thread>
#  include <vector>

namespace ottla::detail {

/// A scheduler for CAF 0.17 that runs actors in the order of run_queues, with lazy_clock as its
/// clock.
///
/// Why it exists: CAF's `sharing` wakes another thread for each message to an idle actor, and the
/// idle threads of CAF's `stealing` poll. On two cores the wake-ups of `sharing` take half or more
/// of the time of a call, a start or a restart. Gain: the median restart takes 3.1 µs, against 9.1
/// µs with CAF's `sharing`. A call takes 0.55 µs, against 1.9 µs (docs/results/supervision.md,
/// decision 0014). Remove this scheduler with the support for CAF 0.17, since programs cannot
/// replace the schedulers of CAF 1.x. Remove the scheduler earlier if CAF's own scheduler runs a
/// woken actor on the waking thread.
class handoff_scheduler final : public caf::scheduler::abstract_coordinator {
public:
  using abstract_coordinator::abstract_coordinator;

  /// For actor_system_config::load.
  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>);

  void start() override;
  void stop() override;
  void enqueue(caf::resumable* job) override { queues_->add(job); }
  caf::actor_clock& clock() noexcept override { return clock_; }

private:
  class worker final : public caf::execution_unit {
  public:
    worker(handoff_scheduler& of, std::size_t number);

    void exec_later(caf::resumable* job) override { scheduler_.queues_->add_from(number_, job); }
    void start();
    void join() { thread_.join(); }

  private:
    void run();

    handoff_scheduler& scheduler_;
    const std::size_t number_;
    std::thread thread_;
  };

  /// Created in start(), where the number of workers is known.
  std::optional<run_queues> queues_;
  std::vector<std::unique_ptr<worker>> workers_;
  lazy_clock clock_;
  std::thread timer_;
};

} // namespace ottla::detail

#endif

#include <ottla/actors/internal/handoff_scheduler.hpp>

#if !OTTLA_CAF_1

#  include <caf/detail/set_thread_name.hpp>
#  include <caf/logger.hpp>
#  include <caf/resumable.hpp>

#  include <utility>

namespace ottla::detail {

namespace {

/// Starts a thread with the same set-up as the threads of CAF's own schedulers.
template <class Run>
std::thread start_thread(caf::actor_system& system, const char* name, Run run) {
  return std::thread{[&system, name, run = std::move(run)] {
    CAF_SET_LOGGER_SYS(&system);
    caf::detail::set_thread_name(name);
    system.thread_started();
    run();
    system.thread_terminates();
  }};
}

} // namespace

handoff_scheduler::worker::worker(handoff_scheduler& of, std::size_t number)
  : caf::execution_unit{&of.system()}, scheduler_{of}, number_{number} {}

void handoff_scheduler::worker::start() {
  thread_ = start_thread(scheduler_.system(), "ottla.worker", [this] { run(); });
}

void handoff_scheduler::worker::run() {
  while (auto* job = scheduler_.queues_->next(number_)) {
    switch (job->resume(this, scheduler_.max_throughput())) {
      case caf::resumable::resume_later:
        // The queue takes over the reference.
        scheduler_.queues_->add_from(number_, job);
        break;
      case caf::resumable::done:
      case caf::resumable::awaiting_message: caf::intrusive_ptr_release(job); break;
      case caf::resumable::shutdown_execution_unit: return;
    }
  }
}

caf::actor_system::module* handoff_scheduler::make(caf::actor_system& system,
                                                   caf::detail::type_list<>) {
  return new handoff_scheduler{system};
}

void handoff_scheduler::start() {
  queues_.emplace(num_workers());
  for (std::size_t number = 0; number < num_workers(); ++number)
    workers_.push_back(std::make_unique<worker>(*this, number));
  for (auto& each : workers_)
    each->start();
  timer_ = start_thread(system(), "ottla.clock", [this] { clock_.run(); });
  abstract_coordinator::start();
}

void handoff_scheduler::stop() {
  // Only CAF's utility actors are left, which have threads of their own.
  queues_->close();
  stop_actors();
  for (auto& each : workers_)
    each->join();
  while (auto* job = queues_->take_any())
    cleanup_and_release(job);
  clock_.close();
  timer_.join();
}

} // namespace ottla::detail

#endif

#include <ottla/actors/caf_blocking.hpp>
#include <ottla/actors/stderr_lines.hpp>
#include <ottla/actors/virtual_time.hpp>

#include <caf/resumable.hpp>
#include <caf/scheduler.hpp>

#if OTTLA_CAF_1
#  include <caf/action.hpp>
#  include <caf/detail/actor_system_access.hpp>
#  include <caf/disposable.hpp>
#else
#  include <caf/scheduler/test_coordinator.hpp>
#endif

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace ottla {

namespace {

using time_point = caf::actor_clock::time_point;

#if OTTLA_CAF_1

// The shared library of CAF 1.x does not export its clock and scheduler for tests. The clock and
// scheduler of libcaf_test need CAF's test runner, and do not support message priorities.
class virtual_clock final : public caf::actor_clock {
public:
  using caf::actor_clock::schedule;

  time_point now() const noexcept override {
    const std::lock_guard lock{guard_};
    return now_;
  }

  caf::disposable schedule(time_point at, caf::action what) override {
    const std::lock_guard lock{guard_};
    due_.emplace(at, what);
    return std::move(what).as_disposable();
  }

  bool step(time_point to) {
    {
      const std::lock_guard lock{guard_};
      std::erase_if(due_, [](const auto& each) { return each.second.disposed(); });
      if (due_.empty() || due_.begin()->first > to) {
        now_ = std::max(now_, to);
        return false;
      }
      now_ = std::max(now_, due_.begin()->first);
    }
    while (auto next = take())
      next.run();
    return true;
  }

  std::optional<time_point> next() {
    const std::lock_guard lock{guard_};
    std::erase_if(due_, [](const auto& each) { return each.second.disposed(); });
    return due_.empty() ? std::nullopt : std::optional{due_.begin()->first};
  }

  void clear() {
    decltype(due_) dropped;
    {
      const std::lock_guard lock{guard_};
      dropped.swap(due_);
    }
    for (auto& [at, what] : dropped)
      what.dispose();
  }

private:
  caf::action take() {
    const std::lock_guard lock{guard_};
    if (due_.empty() || due_.begin()->first > now_)
      return {};
    auto result = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    return result;
  }

  mutable std::mutex guard_;
  time_point now_{duration_type{1}};
  std::multimap<time_point, caf::action> due_;
};

class virtual_scheduler final : public caf::scheduler {
public:
  void schedule(caf::resumable* job) override {
    const std::lock_guard lock{guard_};
    jobs.push_back(job);
  }

  void delay(caf::resumable* job) override { schedule(job); }
  void start() override {}

  void stop() override {
    while (try_run_once())
      continue;
  }

  bool try_run_once() {
    caf::resumable* job = nullptr;
    {
      const std::lock_guard lock{guard_};
      if (jobs.empty())
        return false;
      job = jobs.front();
      jobs.pop_front();
    }
    if (job->resume(this, 1) == caf::resumable::resume_later) {
      const std::lock_guard lock{guard_};
      jobs.push_front(job);
    } else {
      caf::intrusive_ptr_release(job);
    }
    return true;
  }

  std::deque<caf::resumable*> jobs;

private:
  std::mutex guard_;
};

void install(caf::actor_system& system, caf::actor_system_config&, void*) {
  caf::detail::actor_system_access access{system};
  access.clock(std::make_unique<virtual_clock>());
  access.scheduler(std::make_unique<virtual_scheduler>());
}

virtual_scheduler* scheduler_of(caf::actor_system& system) {
  return dynamic_cast<virtual_scheduler*>(&system.scheduler());
}

bool step_to(caf::actor_system& system, time_point to) {
  return static_cast<virtual_clock&>(system.clock()).step(to);
}

std::optional<time_point> next_timer(caf::actor_system& system) {
  return static_cast<virtual_clock&>(system.clock()).next();
}

void drop_timers(caf::actor_system& system) {
  static_cast<virtual_clock&>(system.clock()).clear();
}

#else

caf::scheduler::test_coordinator* scheduler_of(caf::actor_system& system) {
  return dynamic_cast<caf::scheduler::test_coordinator*>(&system.scheduler());
}

// Advances to the first timer due by `to`, and fires all timers due at that time. If there is no
// such timer, advances to `to` and returns false.
bool step_to(caf::actor_system& system, time_point to) {
  auto& clock = scheduler_of(system)->clock();
  const auto& due = clock.schedule();
  if (due.empty() || due.begin()->first > to) {
    clock.current_time = std::max(clock.current_time, to);
    return false;
  }
  clock.current_time = std::max(clock.current_time, due.begin()->first);
  clock.trigger_expired_timeouts();
  return true;
}

std::optional<time_point> next_timer(caf::actor_system& system) {
  const auto& due = scheduler_of(system)->clock().schedule();
  return due.empty() ? std::nullopt : std::optional{due.begin()->first};
}

void drop_timers(caf::actor_system& system) {
  system.clock().cancel_all();
}

#endif

caf::resumable* job_of(const caf::actor& process) {
  return dynamic_cast<caf::resumable*>(caf::actor_cast<caf::abstract_actor*>(process));
}

} // namespace

bool has_virtual_time(caf::actor_system& system) {
  return scheduler_of(system) != nullptr;
}

namespace {

/// Makes the virtual_time accessible from its actor system.
struct virtual_config : caf::actor_system_config {
  std::function<bool()> run_once;
};

} // namespace

struct virtual_time::machine {
#if OTTLA_CAF_1
  machine() : system{config, install, nullptr} {}
#else
  machine() : system{config.set("scheduler.policy", caf::atom("testing"))} {}
#endif

  bool run_once() {
    auto* scheduler = scheduler_of(system);
    auto& jobs = scheduler->jobs;
    const auto next = choose ? chosen(jobs) : ready_from(jobs.begin(), jobs.end());
    if (next == jobs.end())
      return false;
    std::rotate(jobs.begin(), next, next + 1);
    return scheduler->try_run_once();
  }

  template <class Position>
  Position ready_from(Position first, Position last) const {
    return std::find_if(first, last, [this](auto* job) { return !hanging.contains(job); });
  }

  template <class Jobs>
  typename Jobs::iterator chosen(Jobs& jobs) const {
    const auto ready = std::count_if(jobs.begin(), jobs.end(),
                                     [this](auto* job) { return !hanging.contains(job); });
    if (ready == 0)
      return jobs.end();
    auto next = ready_from(jobs.begin(), jobs.end());
    for (auto skip = choose(static_cast<std::size_t>(ready)); skip > 0; --skip)
      next = ready_from(next + 1, jobs.end());
    return next;
  }

  virtual_config config;
  caf::actor_system system;
  std::set<caf::resumable*> hanging;
  std::function<std::size_t(std::size_t)> choose;
};

virtual_time::virtual_time() {
  const system_visit visit;
  init_message_types();
  impl_ = std::make_unique<machine>();
  impl_->config.run_once = [machine = impl_.get()] { return machine->run_once(); };
}

virtual_time::~virtual_time() {
  impl_->hanging.clear();
  impl_->choose = nullptr;
  drop_timers(impl_->system);
  run();
  drop_timers(impl_->system);
  if (const auto left = living_actors(impl_->system); left != 0) {
    print_line("virtual_time: destroyed while " + std::to_string(left) + " actors are alive");
    flush_lines(std::chrono::seconds{1});
    std::abort();
  }
}

caf::actor_system& virtual_time::system() {
  return impl_->system;
}

caf::actor_clock::time_point virtual_time::now() {
  return impl_->system.clock().now();
}

std::size_t virtual_time::run() {
  const system_visit visit;
  std::size_t turns = 0;
  do {
    while (impl_->run_once())
      ++turns;
  } while (step_to(impl_->system, now()));
  return turns;
}

bool virtual_time::step() {
  const system_visit visit;
  return impl_->run_once();
}

std::size_t virtual_time::advance(saturating<std::chrono::nanoseconds> by) {
  // Leaves room for a timer that an actor sets at the latest possible time.
  const auto end
    = std::min(saturating_add(now(), by), caf::actor_clock::time_point::max() - longest_wait);
  auto turns = run();
  while (step_to(impl_->system, end))
    turns += run();
  return turns;
}

void virtual_time::hang(const caf::actor& process) {
  impl_->hanging.insert(job_of(process));
}

void virtual_time::wake(const caf::actor& process) {
  impl_->hanging.erase(job_of(process));
}

void virtual_time::choose_turns(std::function<std::size_t(std::size_t ready)> choose) {
  impl_->choose = std::move(choose);
}

namespace {

/// Like run_virtual_time, but does not advance the clock beyond the last timer.
bool run_until(caf::actor_system& system, time_point end, const std::function<bool()>& done) {
  const system_visit visit;
  const auto* config = dynamic_cast<const virtual_config*>(&system.config());
  // A system with CAF's test scheduler may have no virtual_time.
  const auto run_once = config != nullptr ? config->run_once : std::function<bool()>{[&system] {
    return scheduler_of(system)->try_run_once();
  }};
  while (!done()) {
    if (run_once())
      continue;
    const auto next = next_timer(system);
    if (!next || *next > end)
      return done();
    step_to(system, *next);
  }
  return true;
}

} // namespace

bool run_virtual_time(caf::actor_system& system, std::chrono::nanoseconds within,
                      const std::function<bool()>& done) {
  const system_visit visit;
  const auto began = system.clock().now();
  const auto end = within < time_point::max() - began ? began + within : time_point::max();
  if (run_until(system, end, done))
    return true;
  if (end != time_point::max())
    step_to(system, end);
  return done();
}

namespace detail {

namespace {

class virtual_caller final : public caf::event_based_actor {
public:
  virtual_caller(caf::actor_config& config, std::function<void(caf::event_based_actor*)> ask)
    : caf::event_based_actor{config}, ask_{std::move(ask)} {}

  // CAF keeps an actor without handlers alive while the actor waits for an answer.
  caf::behavior make_behavior() override {
    ask_(this);
    return {};
  }

private:
  std::function<void(caf::event_based_actor*)> ask_;
};

} // namespace

bool ask_in_virtual_time(caf::actor_system& system,
                         std::function<void(caf::event_based_actor*)> ask) {
  // The timer of a request ends the request. If the request has no limit, periodic timers of other
  // processes would advance the clock forever. If no timer is left, the clock stays.
  constexpr std::chrono::nanoseconds longest_call = std::chrono::hours{24};
  const auto caller = caf::actor_cast<caf::actor>(system.spawn<virtual_caller>(std::move(ask)));
  const auto is_over = [&caller] { return !is_alive(caller); };
  if (run_until(system, system.clock().now() + longest_call, is_over))
    return true;
  kill(caller);
  run_virtual_time(system, {}, is_over);
  return false;
}

} // namespace detail

} // namespace ottla

#include <ottla/actors/root_directory.hpp>
#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/detail/leave_process.hpp>
#include <ottla/supervision/detail/root_keeper.hpp>
#include <ottla/supervision/detail/signal_watch.hpp>
#include <ottla/supervision/tree_context.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

namespace ottla {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_again{2};
constexpr std::chrono::milliseconds longest_for_kills{500};

/// At the end of a stop: what is killed needs some time, too.
std::chrono::nanoseconds time_for_kills(std::chrono::nanoseconds stop_within) {
  return std::min<std::chrono::nanoseconds>(stop_within / 10, longest_for_kills);
}

/// What processes may take of a stop. The rest is for those that end late, and for kills.
std::chrono::nanoseconds time_for_processes(std::chrono::nanoseconds stop_within) {
  return stop_within - 2 * time_for_kills(stop_within);
}

std::uint64_t chance() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

} // namespace

struct application::running {
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> owned;
  caf::actor_system* system = nullptr;
  std::string id;
  std::chrono::nanoseconds stop_within{};
  std::shared_ptr<directory> names = std::make_shared<root_directory>();
  std::shared_ptr<tree_context> tree = std::make_shared<tree_context>();
  std::shared_ptr<offspring> processes = std::make_shared<offspring>();
  std::shared_ptr<detail::root_state> state = std::make_shared<detail::root_state>();
  caf::actor keeper;
  /// Waits for the last actor of a system of our own.
  std::thread last_one_out;
  std::future<void> all_gone;
  std::optional<stop_report> stopped;

  ~running() {
    if (last_one_out.joinable())
      last_one_out.join();
  }

  void own_a_system(const application_spec& spec) {
    init_message_types();
    set_scheduler(config, spec.scheduling, spec.threads);
    owned = std::make_unique<caf::actor_system>(config);
    system = owned.get();
  }

  void launch(application_spec spec) {
    if (spec.stop_within < std::chrono::nanoseconds::zero())
      throw std::invalid_argument{
        fmt::format("application \"{}\": stop_within must not be negative, got {}ms", spec.id,
                    spec.stop_within / std::chrono::milliseconds{1})};
    id = spec.id;
    stop_within = spec.stop_within;
    tree->observer = std::move(spec.observer);
    tree->seed = spec.seed ? *spec.seed : chance();
    tree->stop_within = time_for_processes(stop_within);
    const child_spec root = supervisor_spec{.id = spec.id,
                                            .strategy = spec.strategy,
                                            .restarts = spec.restarts,
                                            .when_done = spec.when_done,
                                            .children = std::move(spec.children),
                                            .name = spec.id};
    process_context context{.names = names, .children = processes, .tree = tree};
    keeper = caf::actor_cast<caf::actor>(
      system->spawn<detail::root_keeper>(std::move(context), root, state));
  }

  std::string failed_text(const std::string& why) const {
    return fmt::format("\"{}\" did not start: {}", id, why);
  }

  steady::time_point after(std::chrono::nanoseconds time) const {
    constexpr std::chrono::nanoseconds longest = std::chrono::hours{24 * 365};
    return steady::now() + std::clamp(time, std::chrono::nanoseconds::zero(), longest);
  }

  const stop_report& stop() {
    const auto deadline = after(stop_within);
    if (!stopped) {
      stopped.emplace();
      tree->stop.begin(system->clock().now().time_since_epoch(), tree->stop_within);
      request_exit(keeper, to_error(exit_reason::shutdown()));
      if (!state->wait_ended(deadline - time_for_kills(stop_within))) {
        for (const auto& each : processes->living())
          if (each.ending)
            stopped->killed.push_back(each.path);
        kill(keeper);
      }
    }
    stopped->left = wait_all_gone(deadline) ? std::vector<std::string>{} : still_there();
    stopped->unfinished = tree->unfinished.lines();
    return *stopped;
  }

  /// Stops if nobody did; waits only once.
  bool is_gone() {
    if (!stopped)
      stop();
    return stopped->left.empty() || wait_all_gone(steady::now());
  }

  bool wait_all_gone(steady::time_point deadline) {
    if (!state->wait_ended(deadline))
      return false;
    if (!owned) {
      // Killed ones end soon; for them alone no thread is worth while.
      while (!processes->living().empty() || !tree->fenced.paths().empty()) {
        if (steady::now() >= deadline)
          return false;
        std::this_thread::sleep_for(look_again);
      }
      return true;
    }
    if (!last_one_out.joinable()) {
      std::promise<void> gone;
      all_gone = gone.get_future();
      last_one_out = std::thread{[all = system, gone = std::move(gone)]() mutable {
        all->await_all_actors_done();
        gone.set_value();
      }};
    }
    return all_gone.wait_until(deadline) == std::future_status::ready;
  }

  std::vector<std::string> still_there() const {
    auto result = tree->fenced.paths();
    for (const auto& each : processes->living())
      result.push_back(each.path);
    if (!owned)
      return result;
    const auto inside = result.size() + (has_ended(keeper) ? 0 : 1);
    if (const auto all = system->registry().running(); all > inside)
      result.push_back(fmt::format("{} outside of the tree", all - inside));
    return result;
  }
};

application::application(application_spec spec) : it_{std::make_unique<running>()} {
  it_->own_a_system(spec);
  it_->launch(std::move(spec));
  if (const auto failed = it_->state->wait_started()) {
    const auto text = it_->failed_text(*failed);
    // A child that hung was fenced off, and ~actor_system would wait for it for ever.
    if (!it_->stop().left.empty())
      static_cast<void>(it_.release());
    throw std::runtime_error{text};
  }
}

application::application(caf::actor_system& system, application_spec spec)
  : it_{std::make_unique<running>()} {
  it_->system = &system;
  it_->launch(std::move(spec));
  if (const auto failed = it_->state->wait_started()) {
    it_->stop();
    throw std::runtime_error{it_->failed_text(*failed)};
  }
}

application::application(std::unique_ptr<running> it) : it_{std::move(it)} {}

application::~application() {
  if (it_ == nullptr || it_->is_gone())
    return;
  print_line(fmt::format("ottla: \"{}\" did not stop in time and is left as it is: {}", it_->id,
                         fmt::join(it_->stopped->left, ", ")));
  // ~actor_system would wait for the stuck handler for ever.
  if (it_->owned)
    static_cast<void>(it_.release());
}

const std::shared_ptr<directory>& application::names() const noexcept {
  return it_->names;
}

std::optional<tree_node> application::tree() const {
  auto answer = std::make_shared<std::promise<std::optional<tree_node>>>();
  auto result = answer->get_future();
  post(it_->keeper, detail::tell_tree{std::move(answer)});
  if (result.wait_for(std::chrono::seconds{3}) != std::future_status::ready)
    return std::nullopt;
  try {
    return result.get();
  } catch (const std::future_error&) {
    // The keeper ended and dropped the promise.
    return std::nullopt;
  }
}

std::optional<exit_reason> application::ended() const {
  return it_->state->ended();
}

void application::when_ended(std::function<void()> then) {
  it_->state->when_ended(std::move(then));
}

const stop_report& application::stop() {
  return it_->stop();
}

caf::actor_system& application::system() {
  return *it_->system;
}

namespace {

void print_trouble(const process_event& event) {
  using kind = process_event::kind;
  const bool crashed = event.what == kind::ended && !event.reason.orderly();
  if (crashed || event.what == kind::start_failed || event.what == kind::killed
      || event.what == kind::fenced || event.what == kind::gave_up)
    print_line(to_string(event));
}

int status_of(const std::string& id, const std::optional<exit_reason>& why,
              const stop_report& stopped) {
  for (const auto& line : stopped.unfinished)
    print_line(fmt::format("\"{}\" stopped, unfinished: {}", id, line));
  if (!stopped.left.empty()) {
    // On this thread, as stuck handlers may hold all of the scheduler's.
    print_line(fmt::format("\"{}\" did not stop in time, ending the process. Still running: {}", id,
                           fmt::join(stopped.left, ", ")));
    detail::leave_process(EXIT_FAILURE);
  }
  if (!stopped.killed.empty()) {
    print_line(fmt::format("\"{}\" did not stop in time and was killed. Not done: {}", id,
                           fmt::join(stopped.killed, ", ")));
    return EXIT_FAILURE;
  }
  if (!why || (why->orderly() && why->text.empty()))
    return stopped.unfinished.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
  print_line(fmt::format("\"{}\" ended: {}", id, to_string(*why)));
  return EXIT_FAILURE;
}

/// Prints what `run` printed last, where stderr takes it within that time.
struct last_lines {
  ~last_lines() { flush_lines(std::chrono::milliseconds{500}); }
};

} // namespace

int run(application_spec spec, const std::function<void(application&)>& started) {
  const last_lines at_the_end;
  if (!spec.observer)
    spec.observer = print_trouble;
  detail::signal_watch signals;
  auto it = std::make_unique<application::running>();
  it->own_a_system(spec);
  it->launch(std::move(spec));
  const auto state = it->state;
  state->when_decided([&signals] { signals.poke(); });
  const bool signalled = signals.wait() != 0;
  if (const auto failed = state->failed()) {
    print_line(it->failed_text(*failed));
    return std::max(EXIT_FAILURE, status_of(it->id, std::nullopt, it->stop()));
  }
  if (!signalled) {
    application app{std::move(it)};
    if (started)
      started(app);
    state->when_ended([&signals] { signals.poke(); });
    signals.wait();
    const auto why = app.ended();
    return status_of(app.it_->id, why, app.stop());
  }
  return status_of(it->id, std::nullopt, it->stop());
}

} // namespace ottla

#include <ottla/actors/root_directory.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/detail/root_keeper.hpp>
#include <ottla/supervision/detail/signal_watch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

namespace ottla {

struct application::running {
  caf::actor_system_config config;
  std::shared_ptr<directory> names = std::make_shared<root_directory>();
  std::shared_ptr<detail::root_state> state = std::make_shared<detail::root_state>();
  std::chrono::nanoseconds stop_within{};
  std::unique_ptr<caf::actor_system> system;
  caf::actor keeper;
  /// Waits for the last actor, of which a fenced one may be left when the root is gone already.
  std::thread last_one_out;
  std::future<void> all_gone;

  ~running() {
    if (last_one_out.joinable())
      last_one_out.join();
  }

  bool wait_all_gone(std::chrono::steady_clock::time_point until) {
    if (!last_one_out.joinable()) {
      std::promise<void> gone;
      all_gone = gone.get_future();
      last_one_out = std::thread{[all = system.get(), gone = std::move(gone)]() mutable {
        all->await_all_actors_done();
        gone.set_value();
      }};
    }
    return all_gone.wait_until(until) == std::future_status::ready;
  }

  std::chrono::steady_clock::time_point deadline() const {
    constexpr std::chrono::nanoseconds longest = std::chrono::hours{24 * 365};
    return std::chrono::steady_clock::now() + std::min(stop_within, longest);
  }
};

application::application(application_spec spec) : it_{std::make_unique<running>()} {
  init_message_types();
  set_scheduler(it_->config, spec.scheduling, spec.threads);
  it_->stop_within = spec.stop_within;
  it_->system = std::make_unique<caf::actor_system>(it_->config);
  child_spec root = supervisor_spec{.id = spec.id,
                                    .strategy = spec.strategy,
                                    .restarts = spec.restarts,
                                    .when_done = spec.when_done,
                                    .children = std::move(spec.children)};
  root.name = spec.id;
  process_context context{
    .names = it_->names,
    .children = std::make_shared<offspring>(),
    .observer
    = spec.observer ? std::make_shared<const process_observer>(std::move(spec.observer)) : nullptr};
  it_->keeper = caf::actor_cast<caf::actor>(
    it_->system->spawn<detail::root_keeper>(std::move(context), std::move(root), it_->state));
  if (const auto failed = it_->state->wait_started()) {
    // A child that hung was fenced off, and ~actor_system would wait for it for ever.
    if (!it_->wait_all_gone(it_->deadline()))
      static_cast<void>(it_.release());
    throw std::runtime_error{fmt::format("\"{}\" did not start: {}", spec.id, *failed)};
  }
}

application::~application() {
  if (stop())
    return;
  fmt::print(stderr, "ottla: the application did not stop in time and is left as it is\n");
  // ~actor_system would wait for the stuck handler for ever.
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

bool application::stop() {
  const auto deadline = it_->deadline();
  request_exit(it_->keeper, to_error(exit_reason::shutdown()));
  return it_->state->wait_ended(deadline) && it_->wait_all_gone(deadline);
}

caf::actor_system& application::system() {
  return *it_->system;
}

namespace {

void print_trouble(const process_event& event) {
  switch (event.what) {
    case process_event::kind::started:
    case process_event::kind::restarting: return;
    case process_event::kind::ended:
      if (event.reason.orderly())
        return;
      break;
    case process_event::kind::start_failed:
    case process_event::kind::fenced:
    case process_event::kind::gave_up: break;
  }
  fmt::print(stderr, "{}\n", to_string(event));
}

} // namespace

int run(application_spec spec, const std::function<void(application&)>& started) {
  if (!spec.observer)
    spec.observer = print_trouble;
  detail::signal_watch signals;
  const auto id = spec.id;
  std::unique_ptr<application> app;
  try {
    app = std::make_unique<application>(std::move(spec));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return EXIT_FAILURE;
  }
  if (started)
    started(*app);
  app->when_ended([&signals] { signals.poke(); });
  signals.wait();
  const auto why = app->ended();
  if (!app->stop()) {
    // On this thread, as stuck handlers may hold all of the scheduler's.
    fmt::print(stderr, "\"{}\" did not stop in time, ending the process\n", id);
    std::fflush(nullptr);
    std::_Exit(EXIT_FAILURE);
  }
  if (!why || (why->orderly() && why->text.empty()))
    return EXIT_SUCCESS;
  fmt::print(stderr, "\"{}\" ended: {}\n", id, to_string(*why));
  return EXIT_FAILURE;
}

} // namespace ottla

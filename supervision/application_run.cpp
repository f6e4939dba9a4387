// `run`: from the start of an application to the exit status of main.

#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/internal/application_implementation.hpp>
#include <ottla/supervision/internal/print_outcome.hpp>
#include <ottla/supervision/internal/signal_watch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace ottla {

namespace {

bool is_main_thread() {
  return syscall(SYS_gettid) == getpid();
}

/// Blocks the main thread while another thread is in exit(), which already has the exit status.
/// Returning from main would call exit() a second time.
void leave_the_end_to_exit() {
  while (is_main_thread())
    pause();
}

void print_trouble(const process_event& event) {
  using kind = process_event::kind;
  const bool crashed = event.what == kind::ended && !event.reason.orderly();
  if (crashed || event.what == kind::start_failed || event.what == kind::killed
      || event.what == kind::fenced || event.what == kind::gave_up)
    print_line(to_string(event));
}

/// Flushes the last lines that `run` printed, if stderr accepts them in time.
struct last_lines {
  ~last_lines() { flush_lines(std::chrono::milliseconds{500}); }
};

} // namespace

int application::implementation::end_run(const std::optional<exit_reason>& why) {
  const std::lock_guard lock{ending};
  if (status)
    return *status;
  drop_hook_unless_up();
  auto report = stop();
  const auto left = [this] { return std::chrono::nanoseconds{deadline - steady::now()}; };
  const auto least = std::max<std::chrono::nanoseconds>(for_kills(), least_for_cutting);
  if (report.left.empty())
    detail::await_background(report, left, least);
  status = detail::print_outcome(id, why, report, program_exits);
  return *status;
}

int application::stop_for_run(const std::optional<exit_reason>& why) {
  const auto status = impl_->end_run(why);
  // Blocks while an exit handler of this process stops the application.
  impl_->at_exit.reset();
  if (impl_->program_exits) {
    leave_the_end_to_exit();
    // The exit is destroying static objects, so the actor system must stay alive.
    implementation::leave_alone(std::move(impl_));
    return status;
  }
  const auto least
    = std::max<std::chrono::nanoseconds>(impl_->for_kills(), implementation::least_for_cutting);
  impl_->end_system(std::max(impl_->deadline, implementation::steady::now() + least));
  return status;
}

int run(application_spec spec, const std::function<void(application&)>& started) {
  const last_lines at_the_end;
  if (!spec.observer)
    spec.observer = print_trouble;
  const auto id = spec.id;
  std::optional<detail::signal_watch> watch;
  auto impl = std::make_unique<application::implementation>();
  try {
    watch.emplace(spec.stop_on_hangup);
    impl->own_a_system(spec);
    impl->end_run_if_program_exits();
    impl->launch(std::move(spec));
  } catch (const std::exception& error) {
    print_line(fmt::format("\"{}\" did not start: {}", id, error.what()));
    // Blocks while an exit handler of this process stops the application.
    impl->at_exit.reset();
    if (impl->program_exits) {
      leave_the_end_to_exit();
      application::implementation::leave_alone(std::move(impl));
    }
    return EXIT_FAILURE;
  }
  auto& signals = *watch;
  const auto state = impl->state;
  const auto decided = [&signals] { signals.poke(); };
  state->when_decided(decided);
  const bool signalled = signals.wait() != 0;
  const auto failed = state->failed();
  application app{std::move(impl)};
  if (failed)
    print_line(app.impl_->failed_text(*failed));
  if (failed || signalled) {
    const auto status = app.stop_for_run(std::nullopt);
    return failed ? EXIT_FAILURE : status;
  }
  app.impl_->is_up = true;
  app.impl_->at_exit->register_again();
  if (app.impl_->program_exits)
    return app.stop_for_run(std::nullopt);
  if (started)
    started(app);
  if (app.impl_->is_forked())
    return EXIT_SUCCESS;
  state->when_ended([&signals] { signals.poke(); });
  signals.wait();
  return app.stop_for_run(app.ended());
}

} // namespace ottla

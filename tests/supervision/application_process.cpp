// A program as a user writes one, for tests of how a process ends: application_process MODE.
#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/supervision/application.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#  include <sanitizer/lsan_interface.h>
#endif

using namespace ottla;
using namespace std::chrono_literals;

namespace program {

struct hang {};
struct ask {};

} // namespace program

OTTLA_MESSAGES(program, ottla::first_user_type_id + 300, program::hang, program::ask)

namespace {

using program::ask;
using program::hang;

class worker : public server {
public:
  using server::server;

private:
  init_result init(handlers& on) override {
    on.cast([](hang) { std::promise<void>{}.get_future().wait(); });
    on.call([](ask) { return 42; });
    return {};
  }
};

application_spec with_worker() {
  return {.id = "app", .children = {{.id = "worker", .start = start<worker>(), .name = "worker"}}};
}

/// Told when the program is ready for what the test does to it.
void say_ready() {
  static_cast<void>(!write(STDOUT_FILENO, "ready\n", 6));
}

int run_until_stopped() {
  auto spec = with_worker();
  spec.stop_on_hangup = true;
  return run(spec, [](application&) { say_ready(); });
}

int hang_in_handler(const std::function<void()>& before) {
  auto spec = with_worker();
  spec.stop_within = 200ms;
  return run(spec, [&](application& app) {
    before();
    post(app.find("worker"), hang{});
    raise(SIGTERM);
  });
}

int hang_with_buffered_output() {
  return hang_in_handler([] { std::printf("buffered\n"); });
}

int hang_with_locked_stdout() {
  return hang_in_handler([] {
    std::promise<void> locked;
    std::thread{[&locked] {
      flockfile(stdout);
      locked.set_value();
      std::promise<void>{}.get_future().wait();
    }}.detach();
    locked.get_future().wait();
  });
}

/// What crashes is printed while the program runs, and at its stop.
int crash_and_stop() {
  auto spec = with_worker();
  spec.restarts = {.at_most = 1000, .within = 1s};
  return run(spec, [](application& app) {
    for (int time = 0; time < 100; ++time)
      request_exit(app.find("worker").resolve(), to_error(exit_reason::crashed("out of paper")));
    raise(SIGTERM);
  });
}

std::unique_ptr<application> held_by_global;

int hold_in_global() {
  held_by_global = std::make_unique<application>(with_worker());
  return 5;
}

int hold_in_static() {
  static application held{with_worker()};
  auto answer = call<int>(held.system(), held.find("worker"), 10s, ask{});
  return answer && *answer == 42 ? 5 : 1;
}

/// A global that uses its application in its own destructor.
struct last_caller {
  std::unique_ptr<application> app;
  ~last_caller() {
    if (app)
      static_cast<void>(call<int>(app->system(), app->find("worker"), 1s, ask{}));
  }
};
last_caller late;

int call_in_static_destruction() {
  late.app = std::make_unique<application>(with_worker());
  return 5;
}

int leak() {
#if defined(__SANITIZE_ADDRESS__)
  // The leak is what the test is about.
  __lsan_disable();
#endif
  static_cast<void>(new application{with_worker()});
  return 5;
}

} // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<int()>> modes{
    {"run", run_until_stopped},
    {"hang", [] { return hang_in_handler([] {}); }},
    {"hang_with_buffered_output", hang_with_buffered_output},
    {"hang_with_locked_stdout", hang_with_locked_stdout},
    {"crash_and_stop", crash_and_stop},
    {"global", hold_in_global},
    {"static", hold_in_static},
    {"call_in_static_destruction", call_in_static_destruction},
    {"leak", leak},
  };
  const auto mode = argc > 1 ? modes.find(argv[1]) : modes.end();
  return mode == modes.end() ? 64 : mode->second();
}

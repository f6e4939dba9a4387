// A program for tests of how an operating system process ends. Usage: application_process MODE.
#include <ottla/actors/background_work.hpp>
#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/application.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

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

/// Prints `ended` on stdout when it ends in an orderly way.
class parting : public server {
public:
  using server::server;

private:
  init_result init(handlers& on) override {
    on.call([](ask) { return 42; });
    return {};
  }
  void terminate(const exit_reason&) override {
    static_cast<void>(!write(STDOUT_FILENO, "ended\n", 6));
  }
};

application_spec with_parting() {
  return {.id = "app",
          .children = {{.id = "worker", .start = start<parting>(), .name = "worker"}},
          .stop_within = 30s};
}

/// Registers an exit handler in its start, like OpenSSL. The start takes a moment, so that run
/// already waits for the start when the handler is registered.
class sets_up : public process {
public:
  sets_up(caf::actor_config& config, process_context context)
    : process{config, std::move(context)} {}

private:
  caf::behavior set_up() override {
    defer_start();
    cast_after(this, 100ms, ask{});
    return {[this](ask) {
      std::atexit([] { static_cast<void>(!write(STDOUT_FILENO, "torn down\n", 10)); });
      start_done();
    }};
  }
};

/// Never reports its start as complete.
class never_starts : public process {
public:
  never_starts(caf::actor_config& config, process_context context,
               std::shared_ptr<std::promise<void>> begun)
    : process{config, std::move(context)}, begun_{std::move(begun)} {}

private:
  caf::behavior set_up() override {
    defer_start();
    begun_->set_value();
    return {[](hang) {}};
  }

  std::shared_ptr<std::promise<void>> begun_;
};

/// Tells the test that the program is ready.
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

/// Another thread takes the lock of the stream and keeps it.
void lock_for_good(FILE* stream) {
  std::promise<void> locked;
  std::thread{[&locked, stream] {
    flockfile(stream);
    locked.set_value();
    std::promise<void>{}.get_future().wait();
  }}.detach();
  locked.get_future().wait();
}

int hang_with_locked_stdout() {
  return hang_in_handler([] { lock_for_good(stdout); });
}

/// The locked file also has buffered text.
int hang_with_locked_file() {
  return hang_in_handler([] {
    auto* const file = std::fopen("/dev/null", "w");
    std::fputs("never written\n", file);
    lock_for_good(file);
    std::printf("buffered\n");
  });
}

int hang_with_locked_stderr() {
  return hang_in_handler([] {
    lock_for_good(stderr);
    std::printf("buffered\n");
  });
}

/// The program prints crashes while it runs, and some lines may still be pending at its stop. The
/// stop itself is orderly, because it begins after a worker without a pending crash has answered.
int crash_and_stop() {
  auto spec = with_worker();
  spec.restarts = {.at_most = 1000, .within = 1s};
  return run(spec, [](application& app) {
    for (int time = 0; time < 100; ++time)
      request_exit(app.find("worker").resolve(), to_error(exit_reason::crashed("out of paper")));
    // A worker handles the request to exit before a call that was made later.
    while (!call<int>(app.system(), app.find("worker"), 10s, ask{}))
      std::this_thread::yield();
    raise(SIGTERM);
  });
}

int return_from_main_during_run() {
  std::promise<void> up;
  std::thread{[&up] { run(with_parting(), [&up](application&) { up.set_value(); }); }}.detach();
  up.get_future().wait();
  return 5;
}

int exit_in_started() {
  return run(with_parting(), [](application&) { std::exit(5); });
}

int exit_after_setting_up() {
  auto spec = with_parting();
  spec.children.push_back({.id = "sets_up", .start = start<sets_up>()});
  return run(std::move(spec), [](application&) { std::exit(5); });
}

int exit_on_another_thread() {
  return run(with_parting(), [](application&) { std::thread{[] { std::exit(5); }}.detach(); });
}

/// A tree whose start is never complete. Another thread calls exit() once the whole tree has begun.
application_spec with_exit_during_start() {
  const auto begun = std::make_shared<std::promise<void>>();
  std::thread{[begun] {
    begun->get_future().wait();
    std::exit(5);
  }}.detach();
  auto spec = with_parting();
  spec.children.push_back({.id = "never", .start = start<never_starts>(begun)});
  spec.join_threads = [] { static_cast<void>(!write(STDOUT_FILENO, "joined\n", 7)); };
  return spec;
}

int exit_during_start() {
  return run(with_exit_during_start());
}

int exit_during_construction() {
  const application app{with_exit_during_start()};
  // Never returns, because the status of a return could replace the status of exit().
  std::promise<void>{}.get_future().wait();
  return 1;
}

int exit_during_construction_on_another_thread() {
  std::thread{[] { const application app{with_exit_during_start()}; }}.detach();
  std::promise<void>{}.get_future().wait();
  return 1;
}

/// Simulates the background work of a Kafka handle. Such a handle leaves its group after its
/// process has ended. SIGUSR1 ends the work.
int with_background_work(const std::function<void()>& then) {
  sigset_t leave;
  sigemptyset(&leave);
  sigaddset(&leave, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &leave, nullptr);
  return run(with_parting(), [leave, &then](application& app) {
    auto work = std::make_shared<background_work>("a leave");
    app.when_ended([leave, work = std::move(work)]() mutable {
      std::thread{[leave, work = std::move(work)]() mutable {
        int arrived = 0;
        sigwait(&leave, &arrived);
        static_cast<void>(!write(STDOUT_FILENO, "left\n", 5));
        work.reset();
      }}.detach();
    });
    then();
  });
}

int exit_with_background_work() {
  return with_background_work([] { std::exit(5); });
}

/// A stop lasts until SIGUSR1 ends the background work.
int run_with_background_work() {
  return with_background_work(say_ready);
}

/// A run on a thread that a static object joins.
struct joined_at_exit {
  std::thread runs;
  ~joined_at_exit() {
    if (runs.joinable())
      runs.join();
  }
};
joined_at_exit joined;

int join_run_in_static_destruction() {
  std::promise<void> up;
  joined.runs
    = std::thread{[&up] { run(with_parting(), [&up](application&) { up.set_value(); }); }};
  up.get_future().wait();
  return 5;
}

/// The exit status of a forked child that returns from main, as its parent does.
constexpr int of_child = 22;
constexpr int forks = 30;

bool is_child = false;

/// True in the child.
bool fork_and_wait(bool& child_ended_well) {
  const auto child = fork();
  is_child = child == 0;
  if (is_child)
    return true;
  int status = 0;
  waitpid(child, &status, 0);
  child_ended_well = WIFEXITED(status) && WEXITSTATUS(status) == of_child;
  return false;
}

int fork_with_application(application& app) {
  bool well = true;
  for (int time = 0; well && time < forks; ++time)
    if (fork_and_wait(well))
      return of_child;
  const auto answer = call<int>(app.system(), app.find("worker"), 10s, ask{});
  return well && answer && *answer == 42 ? 5 : 1;
}

/// The parent has printed lines and registered background work before the fork.
int print_in_fork() {
  print_line("parent");
  flush_lines(10s);
  const background_work of_parent{"a leave"};
  bool well = true;
  if (fork_and_wait(well)) {
    print_line("child");
    return flush_lines(2s) && names_of_background_work().empty() ? of_child : 1;
  }
  return well ? 5 : 1;
}

int fork_beside_local() {
  application app{with_parting()};
  return fork_with_application(app);
}

int fork_beside_static() {
  static application app{with_parting()};
  return fork_with_application(app);
}

int fork_in_run() {
  const auto parent = getpid();
  bool well = true;
  const auto status = run(with_parting(), [&](application&) {
    for (int time = 0; well && time < forks; ++time)
      if (fork_and_wait(well))
        return;
    raise(SIGTERM);
  });
  if (getpid() != parent)
    return of_child;
  return well && status == 0 ? 5 : 1;
}

/// The forked child runs two applications while the parent's run is active. A signal ends each. The
/// parent's run continues until its own signal.
int run_in_fork() {
  const auto parent = getpid();
  bool well = false;
  const auto status = run(with_worker(), [&](application&) {
    if (fork_and_wait(well)) {
      well = true;
      for (int time = 0; well && time < 2; ++time)
        well = run(with_worker(), [](application&) { raise(SIGTERM); }) == 0;
      return;
    }
    raise(SIGTERM);
  });
  if (getpid() != parent)
    return well ? of_child : 1;
  return well && status == 0 ? 5 : 1;
}

std::unique_ptr<application> held_by_global;

int hold_in_global() {
  held_by_global = std::make_unique<application>(with_parting());
  return 5;
}

int hold_in_static() {
  static application held{with_parting()};
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
  late.app = std::make_unique<application>(with_parting());
  return 5;
}

int leak() {
#if defined(__SANITIZE_ADDRESS__)
  // The test leaks the application on purpose.
  __lsan_disable();
#endif
  static_cast<void>(new application{with_parting()});
  return 5;
}

} // namespace

#if defined(__SANITIZE_ADDRESS__)
/// LeakSanitizer calls this function at exit. A child has none of its parent's threads, so memory
/// that the parent's threads hold looks leaked in the child.
extern "C" int __lsan_is_turned_off() {
  return is_child ? 1 : 0;
}
#endif

int main(int argc, char** argv) {
  const std::map<std::string, std::function<int()>> modes{
    {"run", run_until_stopped},
    {"hang", [] { return hang_in_handler([] {}); }},
    {"hang_with_buffered_output", hang_with_buffered_output},
    {"hang_with_locked_stdout", hang_with_locked_stdout},
    {"hang_with_locked_file", hang_with_locked_file},
    {"hang_with_locked_stderr", hang_with_locked_stderr},
    {"crash_and_stop", crash_and_stop},
    {"return_from_main_during_run", return_from_main_during_run},
    {"exit_in_started", exit_in_started},
    {"exit_after_setting_up", exit_after_setting_up},
    {"exit_on_another_thread", exit_on_another_thread},
    {"exit_during_start", exit_during_start},
    {"exit_during_construction", exit_during_construction},
    {"exit_during_construction_on_another_thread", exit_during_construction_on_another_thread},
    {"exit_with_background_work", exit_with_background_work},
    {"run_with_background_work", run_with_background_work},
    {"join_run_in_static_destruction", join_run_in_static_destruction},
    {"print_in_fork", print_in_fork},
    {"fork_beside_local", fork_beside_local},
    {"fork_beside_static", fork_beside_static},
    {"fork_in_run", fork_in_run},
    {"run_in_fork", run_in_fork},
    {"global", hold_in_global},
    {"static", hold_in_static},
    {"call_in_static_destruction", call_in_static_destruction},
    {"leak", leak},
  };
  const auto mode = argc > 1 ? modes.find(argv[1]) : modes.end();
  return mode == modes.end() ? 64 : mode->second();
}

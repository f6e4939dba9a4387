#include <ottla/supervision/internal/signal_watch.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace ottla::detail {

namespace {

// Global, since a signal handler reaches only globals. The pipe is never closed: a handler may
// still write after the end of the watch, when the closed descriptor could belong to another file.
std::array<int, 2> pipe_ends{-1, -1};
/// Id of the watched process. 0 if no process is watched. A forked child inherits its parent's id
/// here, and so is not watched.
std::atomic<pid_t> watched_process = 0;
volatile std::sig_atomic_t signals_seen = 0;
/// Id of the process that opened the pipe and set the handlers.
volatile pid_t process = 0;
timespec first_seen;
// Signals within this time count as one: GNU timeout, and a shell that signals its group, send the
// same signal twice.
constexpr long together_ms = 200;

struct watched_signal {
  int number = 0;
  bool watched = false;
  struct sigaction before {};
};

std::array<watched_signal, 3> all{watched_signal{SIGINT}, watched_signal{SIGTERM},
                                  watched_signal{SIGHUP}};

extern "C" void on_signal(int number) {
  if (getpid() != process) {
    // This is a forked child, which shares the pipe. Its signal must not reach the parent.
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  const int saved = errno;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (signals_seen != 0) {
    if ((now.tv_sec - first_seen.tv_sec) * 1000 + (now.tv_nsec - first_seen.tv_nsec) / 1'000'000
        < together_ms) {
      errno = saved;
      return;
    }
    _exit(128 + number);
  }
  first_seen = now;
  signals_seen = 1;
  const auto byte = static_cast<unsigned char>(number);
  static_cast<void>(!write(pipe_ends[1], &byte, 1));
  errno = saved;
}

void open_pipe() {
  const bool is_inherited = process != 0 && process != getpid();
  if ((pipe_ends[0] < 0 || is_inherited) && pipe2(pipe_ends.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"cannot create a pipe for signals"};
}

void empty_pipe() {
  unsigned char byte = 0;
  for (pollfd ready{pipe_ends[0], POLLIN, 0}; poll(&ready, 1, 0) > 0;)
    static_cast<void>(!read(pipe_ends[0], &byte, 1));
}

} // namespace

signal_watch::signal_watch(bool with_hangup) {
  const auto self = getpid();
  if (watched_process.exchange(self) == self)
    throw std::runtime_error{"another run is active in this process"};
  try {
    open_pipe();
  } catch (...) {
    watched_process = 0;
    throw;
  }
  empty_pipe();
  signals_seen = 0;
  process = self;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const auto& each : all)
    sigaddset(&action.sa_mask, each.number);
  action.sa_flags = SA_RESTART;
  for (auto& each : all) {
    each.watched = false;
    struct sigaction now {};
    sigaction(each.number, nullptr, &now);
    // A forked child may still have its parent's handler.
    if (now.sa_handler == on_signal)
      sigaction(each.number, &each.before, nullptr);
    else
      each.before = now;
    if (each.number == SIGHUP && !with_hangup)
      continue;
    const bool ignored
      = (each.before.sa_flags & SA_SIGINFO) == 0 && each.before.sa_handler == SIG_IGN;
    each.watched = !ignored && sigaction(each.number, &action, nullptr) == 0;
  }
}

signal_watch::~signal_watch() {
  for (const auto& each : all)
    if (each.watched)
      sigaction(each.number, &each.before, nullptr);
  watched_process = 0;
}

int signal_watch::wait() {
  unsigned char byte = 0;
  while (read(pipe_ends[0], &byte, 1) < 0 && errno == EINTR)
    continue;
  return byte;
}

void signal_watch::poke() {
  const unsigned char byte = 0;
  static_cast<void>(!write(pipe_ends[1], &byte, 1));
}

} // namespace ottla::detail

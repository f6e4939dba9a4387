#include <ottla/supervision/detail/signal_watch.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <stdexcept>
#include <unistd.h>

namespace ottla::detail {

namespace {

// A signal handler reaches nothing else.
std::array<int, 2> pipe_ends{-1, -1};
volatile std::sig_atomic_t signals_seen = 0;
timespec first_seen;
// GNU timeout, and a shell with its group, send the same signal twice.
constexpr long together_ms = 200;
struct sigaction interrupt_before;
struct sigaction terminate_before;

extern "C" void on_signal(int number) {
  const int saved = errno;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (signals_seen != 0) {
    if ((now.tv_sec - first_seen.tv_sec) * 1000 + (now.tv_nsec - first_seen.tv_nsec) / 1'000'000
        < together_ms)
      return;
    _exit(128 + number);
  }
  first_seen = now;
  signals_seen = 1;
  const auto byte = static_cast<unsigned char>(number);
  static_cast<void>(!write(pipe_ends[1], &byte, 1));
  errno = saved;
}

} // namespace

signal_watch::signal_watch() {
  if (pipe(pipe_ends.data()) != 0)
    throw std::runtime_error{"no pipe for signals to be had"};
  signals_seen = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &interrupt_before);
  sigaction(SIGTERM, &action, &terminate_before);
}

signal_watch::~signal_watch() {
  sigaction(SIGINT, &interrupt_before, nullptr);
  sigaction(SIGTERM, &terminate_before, nullptr);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
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

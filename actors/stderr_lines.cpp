#include <ottla/actors/internal/line_writer.hpp>
#include <ottla/actors/internal/per_process.hpp>
#include <ottla/actors/stderr_lines.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace ottla {

namespace {

using namespace std::chrono_literals;

constexpr auto last_chance_at_exit = 200ms;
/// A pipe that poll() reports as writable takes this many bytes without blocking.
constexpr std::size_t at_a_time = 4096;
constexpr int poll_interval_ms = 100;

/// The file behind file descriptor 2 when the program started.
struct first_stderr {
  bool open = false;
  struct stat file {};

  first_stderr() noexcept { open = fstat(STDERR_FILENO, &file) == 0; }
};

const first_stderr at_start;

/// False if stderr is closed, or if its descriptor is something that stderr is not redirected to,
/// such as a socket. Does not notice that a file, a pipe or a terminal reuses the descriptor.
bool is_stderr() noexcept {
  struct stat now {};
  if (!at_start.open || fstat(STDERR_FILENO, &now) != 0)
    return false;
  if (now.st_dev == at_start.file.st_dev && now.st_ino == at_start.file.st_ino)
    return true;
  // A program may redirect stderr to a file, a pipe or a terminal. Any other descriptor is a
  // connection, or belongs to a runtime, such as an eventfd.
  return S_ISREG(now.st_mode) || S_ISFIFO(now.st_mode) || S_ISCHR(now.st_mode);
}

detail::write_result write_to_stderr(std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    // poll() returns regularly, so the loop notices a redirected stderr. write() could block
    // forever.
    pollfd ready{STDERR_FILENO, POLLOUT, 0};
    if (poll(&ready, 1, poll_interval_ms) == 0)
      continue;
    if (!is_stderr())
      return {written, true};
    const auto size = std::min(text.size() - written, at_a_time);
    const auto result = write(STDERR_FILENO, text.data() + written, size);
    if (result >= 0)
      written += static_cast<std::size_t>(result);
    else if (errno != EINTR && errno != EAGAIN)
      return {written, true};
  }
  return {written, false};
}

/// Starts the writing thread with all signals blocked. SIGPIPE, SIGXFSZ and SIGTTOU of the thread's
/// own writes would otherwise end or stop the program.
bool start_thread(detail::line_writer& of) noexcept {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread{[&of] { of.run(); }}.detach();
  } catch (...) {
    started = false; // lines are dropped
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

/// The writer is never destroyed, since static objects may print in their destructors.
detail::line_writer* make_writer() noexcept {
  try {
    auto* const writer = new detail::line_writer{write_to_stderr};
    if (!start_thread(*writer))
      writer->close();
    return writer;
  } catch (...) {
    return nullptr;
  }
}

struct printing {
  std::once_flag first_line;
  /// Null before the first line.
  std::atomic<detail::line_writer*> writer = nullptr;
};

/// A forked child needs its own writer, since the parent's thread does not exist in the child.
constinit detail::per_process<printing> in_use;

bool is_control(char one) noexcept {
  return static_cast<unsigned char>(one) < 0x20 || one == 0x7f;
}

/// Escapes control characters. Texts of other code, such as an exception's, can then neither start
/// a new line nor control the terminal.
std::string escaped(std::string_view line) {
  std::string text;
  for (const auto one : line)
    switch (one) {
      case '\n': text += "\\n"; break;
      case '\r': text += "\\r"; break;
      case '\t': text += "\\t"; break;
      default:
        if (is_control(one))
          text += fmt::format("\\x{:02x}", static_cast<unsigned char>(one));
        else
          text += one;
    }
  return text;
}

struct flush_at_exit {
  ~flush_at_exit() { flush_lines(last_chance_at_exit); }
};

} // namespace

void print_line(std::string_view line) noexcept {
  static const flush_at_exit at_exit;
  try {
    auto& mine = in_use.get();
    std::call_once(mine.first_line,
                   [&] { mine.writer.store(make_writer(), std::memory_order_release); });
    auto* const writer = mine.writer.load(std::memory_order_acquire);
    if (writer == nullptr)
      return;
    if (std::ranges::any_of(line, is_control))
      writer->add(escaped(line));
    else
      writer->add(line);
  } catch (...) {
    // No memory: the line is dropped.
  }
}

bool flush_lines(saturating<std::chrono::nanoseconds> within) noexcept {
  try {
    auto* const writer = in_use.get().writer.load(std::memory_order_acquire);
    return writer == nullptr || writer->flush(within);
  } catch (...) {
    return false;
  }
}

} // namespace ottla

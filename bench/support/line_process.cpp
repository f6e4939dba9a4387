#include "support/line_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr auto end_within = 5s;

struct pipe_ends {
  int read = -1;
  int write = -1;
};

// O_CLOEXEC, since another child would otherwise keep this child's stdin open.
pipe_ends new_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"cannot create a pipe"};
  return {ends[0], ends[1]};
}

} // namespace

line_process::line_process(std::vector<std::string> command) : name_{command.at(0)} {
  // A write to a dead child must fail. SIGPIPE would end this process.
  std::signal(SIGPIPE, SIG_IGN);
  const auto in = new_pipe();
  const auto out = new_pipe();
  std::vector<char*> arguments;
  for (auto& one : command)
    arguments.push_back(one.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out.write, STDOUT_FILENO);
  const auto failed
    = posix_spawnp(&pid_, name_.c_str(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  close(in.read);
  close(out.write);
  to_ = in.write;
  from_ = out.read;
  if (failed != 0) {
    close(to_);
    close(from_);
    throw std::runtime_error{fmt::format("cannot start \"{}\": {}", name_, strerror(failed))};
  }
}

line_process::~line_process() {
  close(to_);
  const auto deadline = std::chrono::steady_clock::now() + end_within;
  bool ended = has_ended();
  while (!ended && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
    ended = has_ended();
  }
  if (!ended) {
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(from_);
}

std::string line_process::ask(std::string_view line, std::chrono::milliseconds within) {
  auto left = std::string{line} + '\n';
  while (!left.empty()) {
    const auto written = write(to_, left.data(), left.size());
    if (written < 0 && errno != EINTR)
      throw std::runtime_error{fmt::format("\"{}\" has ended", name_)};
    left.erase(0, static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return read(within);
}

std::string line_process::read(std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  for (;;) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      auto line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    const auto left
      = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd readable{.fd = from_, .events = POLLIN, .revents = 0};
    if (left <= 0ms || poll(&readable, 1, static_cast<int>(left.count())) == 0)
      throw std::runtime_error{fmt::format("\"{}\" did not answer in time", name_)};
    std::array<char, 4096> some{};
    const auto count = ::read(from_, some.data(), some.size());
    if (count == 0)
      throw std::runtime_error{fmt::format("\"{}\" has ended", name_)};
    if (count > 0)
      unread_.append(some.data(), static_cast<std::size_t>(count));
  }
}

bool line_process::has_ended() const noexcept {
  return waitpid(pid_, nullptr, WNOHANG) == pid_;
}

} // namespace bench

#pragma once

#include "broker/member_log.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// A group_member_process whose lines go to the log. The destructor kills the process.
///
/// Thread safety: one thread at a time.
class member_process {
public:
  /// `arguments`: BROKERS GROUP TOPIC ASSIGNOR.
  member_process(int number, std::vector<std::string> arguments, std::shared_ptr<member_log> log)
    : number_{number}, log_{std::move(log)} {
    arguments.insert(arguments.begin(), OTTLA_GROUP_MEMBER_PROCESS);
    std::vector<char*> argv;
    for (auto& each : arguments)
      argv.push_back(each.data());
    argv.push_back(nullptr);
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const auto failed = posix_spawn(&pid_, argv.front(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    reader_ = std::thread{[this, from = ends[0]] { read_from(from); }};
    if (failed != 0)
      reader_.join();
    REQUIRE(failed == 0);
  }
  ~member_process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
  }
  member_process(const member_process&) = delete;
  member_process& operator=(const member_process&) = delete;

  int number() const noexcept { return number_; }

  /// Sends SIGKILL, and waits until the process has ended.
  void kill() {
    // kill(-1) would signal every process on the machine.
    REQUIRE(pid_ > 0);
    note(member_line::kind::killed);
    ::kill(pid_, SIGKILL);
    wait();
  }

  /// Requests an orderly stop: the member drains, commits and leaves.
  void ask_to_stop() {
    REQUIRE(pid_ > 0);
    note(member_line::kind::stopping);
    ::kill(pid_, SIGTERM);
  }

  /// Waits until the process has ended and all its lines are in the log. Returns the exit status,
  /// or -1 if a signal ended the process.
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    reader_.join();
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    note(member_line::kind::ended, code);
    return code;
  }

private:
  void note(member_line::kind what, int status = 0) {
    log_->add({.when = std::chrono::steady_clock::now().time_since_epoch(),
               .member = number_,
               .what = what,
               .first = status});
  }

  void read_from(int pipe) {
    std::array<char, 65'536> bytes{};
    std::string rest;
    for (;;) {
      const auto got = ::read(pipe, bytes.data(), bytes.size());
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      rest.append(bytes.data(), static_cast<std::size_t>(got));
      std::size_t begin = 0;
      for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', begin)) {
        if (auto line = parse_member_line(rest.substr(begin, end - begin))) {
          line->member = number_;
          log_->add(std::move(*line));
        }
        begin = end + 1;
      }
      rest.erase(0, begin);
    }
    close(pipe);
  }

  const int number_;
  const std::shared_ptr<member_log> log_;
  pid_t pid_ = -1;
  std::thread reader_;
};

} // namespace ottla::kafka::test

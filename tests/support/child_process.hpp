#pragma once

#include "patience.hpp"

#include <chrono>
#include <csignal>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ottla::test {

/// A child process of a test, with the test's descriptors as its stdout and stderr.
class child_process {
public:
  /// Takes ownership of the two descriptors. -1 closes that stream in the child. `ignored` is 0, or
  /// a signal that the child ignores from its start, as under nohup. All other signals have their
  /// defaults, even if the tests themselves run under nohup. `in` is the child's stdin, which the
  /// object owns too. Without it, the child has the stdin of the tests.
  child_process(std::vector<std::string> arguments, int out, int error, int ignored = 0,
                int in = -1) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    if (in >= 0)
      posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    for (const auto& [file, number] : {std::pair{out, STDOUT_FILENO}, {error, STDERR_FILENO}})
      if (file >= 0)
        posix_spawn_file_actions_adddup2(&files, file, number);
      else
        posix_spawn_file_actions_addclose(&files, number);
    std::vector<char*> texts;
    for (auto& each : arguments)
      texts.push_back(each.data());
    texts.push_back(nullptr);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    sigset_t defaults;
    sigfillset(&defaults);
    struct sigaction before {};
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    if (ignored != 0) {
      sigdelset(&defaults, ignored);
      sigaction(ignored, &ignore, &before);
    }
    posix_spawnattr_setsigdefault(&how, &defaults);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
    if (posix_spawn(&pid_, texts[0], &files, &how, texts.data(), environ) != 0)
      pid_ = -1;
    if (ignored != 0)
      sigaction(ignored, &before, nullptr);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    for (const auto file : {out, error, in})
      if (file >= 0)
        close(file);
  }
  ~child_process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Does nothing if the child has ended, because kill(-1) would signal every process on the
  /// machine.
  void signal(int number) const {
    if (pid_ > 0)
      ::kill(pid_, number);
  }

  /// Stops all threads of the child until SIGCONT, and waits until they have stopped. Returns false
  /// if the child has ended.
  bool suspend() const {
    signal(SIGSTOP);
    siginfo_t seen{};
    return pid_ > 0
           && waitid(P_PID, static_cast<id_t>(pid_), &seen, WSTOPPED | WEXITED | WNOWAIT) == 0
           && seen.si_code == CLD_STOPPED;
  }

  /// Returns the exit status, or 128 plus the signal that ended the child. Returns nullopt if the
  /// child did not end in time.
  std::optional<int> wait(std::chrono::milliseconds within = patience()) {
    if (pid_ <= 0)
      return std::nullopt;
    const auto handle = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
    pollfd ended{handle, POLLIN, 0};
    const bool in_time = poll(&ended, 1, static_cast<int>(within.count())) > 0;
    close(handle);
    if (!in_time)
      return std::nullopt;
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

private:
  pid_t pid_ = -1;
};

} // namespace ottla::test

#pragma once

#include "patience.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <initializer_list>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace ottla::test {

/// Redirects stderr to another file for the lifetime of this object.
class stderr_stand_in {
public:
  /// Takes ownership of the descriptor.
  explicit stderr_stand_in(int file) : before_{fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10)} {
    dup2(file, STDERR_FILENO);
    if (file != STDERR_FILENO)
      close(file);
  }
  ~stderr_stand_in() {
    dup2(before_, STDERR_FILENO);
    close(before_);
  }
  stderr_stand_in(const stderr_stand_in&) = delete;
  stderr_stand_in& operator=(const stderr_stand_in&) = delete;

private:
  int before_;
};

/// A pipe whose reading end stays with the test.
class test_pipe {
public:
  test_pipe() { static_cast<void>(!pipe2(ends_.data(), O_CLOEXEC)); }
  ~test_pipe() {
    for (const auto end : ends_)
      if (end >= 0)
        close(end);
  }
  test_pipe(const test_pipe&) = delete;
  test_pipe& operator=(const test_pipe&) = delete;

  /// The writing end. Ownership passes to the caller.
  int take_writer() { return std::exchange(ends_[1], -1); }
  void close_reader() { close(std::exchange(ends_[0], -1)); }

  /// Writes until the pipe is full.
  void fill() {
    const auto flags = fcntl(ends_[1], F_GETFL);
    fcntl(ends_[1], F_SETFL, flags | O_NONBLOCK);
    const std::string block(4096, '.');
    for (const std::size_t size : {block.size(), std::size_t{1}})
      while (write(ends_[1], block.data(), size) > 0)
        continue;
    fcntl(ends_[1], F_SETFL, flags);
  }

  /// Reads until `last` arrives. Stops early if the pipe closes or is silent for patience().
  std::string read_until(const std::string& last) {
    std::string all;
    std::array<char, 4096> piece{};
    while (all.find(last) == std::string::npos) {
      pollfd ready{ends_[0], POLLIN, 0};
      if (poll(&ready, 1, static_cast<int>(patience().count())) <= 0)
        break;
      const auto size = read(ends_[0], piece.data(), piece.size());
      if (size <= 0)
        break;
      all.append(piece.data(), static_cast<std::size_t>(size));
    }
    return all;
  }

private:
  std::array<int, 2> ends_{-1, -1};
};

} // namespace ottla::test

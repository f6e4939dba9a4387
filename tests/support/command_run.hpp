#pragma once

#include "support/child_process.hpp"
#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ottla::test {

/// A file in memory, for the streams of a child process.
class memory_file {
public:
  explicit memory_file(std::string_view text = {}) : file_{memfd_create("stream", MFD_CLOEXEC)} {
    REQUIRE(::write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    lseek(file_, 0, SEEK_SET);
  }
  ~memory_file() { close(file_); }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  /// A descriptor for a child process, which closes it.
  int share() const { return fcntl(file_, F_DUPFD_CLOEXEC, 0); }

  std::string text() const {
    std::string all;
    std::array<char, 4096> part{};
    ssize_t size = 0;
    while ((size = pread(file_, part.data(), part.size(), static_cast<off_t>(all.size()))) > 0)
      all.append(part.data(), static_cast<std::size_t>(size));
    return all;
  }

private:
  int file_;
};

/// The command `ottla` with these arguments. The variables of the environment that the command
/// reads are removed, and `variables` are added, as in `OTTLA_BROKERS=a:1`.
inline std::vector<std::string> command_line(std::vector<std::string> arguments,
                                             std::vector<std::string> variables = {}) {
  std::vector<std::string> all{"/usr/bin/env",      "-u", "OTTLA_BROKERS", "-u",
                               "OTTLA_CONNECTIONS", "-u", "OTTLA_SETTINGS"};
  for (auto& each : variables)
    all.push_back(std::move(each));
  all.emplace_back(OTTLA_COMMAND);
  for (auto& each : arguments)
    all.push_back(std::move(each));
  return all;
}

struct finished_command {
  /// The exit status. -1 if the command did not end in time.
  int status = -1;
  std::string out = {};
  std::string error = {};
};

/// Runs the command until its end, with a text as its stdin.
inline finished_command run_command(std::vector<std::string> arguments, std::string_view input = {},
                                    std::vector<std::string> variables = {}) {
  const memory_file in{input};
  const memory_file out;
  const memory_file error;
  child_process child{command_line(std::move(arguments), std::move(variables)), out.share(),
                      error.share(), 0, in.share()};
  const auto status = child.wait(2 * patience());
  return {.status = status.value_or(-1), .out = out.text(), .error = error.text()};
}

} // namespace ottla::test

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace bench {

/// A child program that answers lines on its stdin with lines on its stdout. It inherits stderr. A
/// program that does not end when its stdin is closed is killed. Not thread safe.
class line_process {
public:
  /// The program, searched in PATH, and its arguments. Throws std::runtime_error if the program
  /// cannot be started.
  explicit line_process(std::vector<std::string> command);

  /// Closes the program's stdin and waits a few seconds at most for its end.
  ~line_process();
  line_process(const line_process&) = delete;
  line_process& operator=(const line_process&) = delete;

  /// Sends a line and returns the answer, both without the line end. Throws std::runtime_error if
  /// the program has ended or does not answer in time.
  std::string ask(std::string_view line, std::chrono::milliseconds within);

  /// Returns the next line of the program's stdout.
  std::string read(std::chrono::milliseconds within);

private:
  bool has_ended() const noexcept;

  std::string name_;
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string unread_;
};

} // namespace bench

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace bench {

/// Another program that answers lines on its stdin with lines on its stdout; its stderr is ours.
/// It is to end when its stdin does, and is killed if it does not. Not thread safe.
class line_process {
public:
  /// The program, found as a shell finds it, and its arguments. Throws std::runtime_error where it
  /// cannot be started.
  explicit line_process(std::vector<std::string> command);

  /// Closes its stdin and waits for its end, a few seconds at most.
  ~line_process();
  line_process(const line_process&) = delete;
  line_process& operator=(const line_process&) = delete;

  /// Without the line ends. Throws std::runtime_error where it has ended or is silent for so long.
  std::string ask(std::string_view line, std::chrono::milliseconds within);

  /// The next line of its stdout.
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

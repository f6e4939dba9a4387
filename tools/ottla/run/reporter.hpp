#pragma once

#include <ottla/kafka/error.hpp>

#include "arguments/arguments.hpp"
#include "text/exit_status.hpp"
#include "text/progress_line.hpp"

#include <mutex>
#include <string>
#include <string_view>

namespace command {

/// Writes failures, notes and the progress bar on stderr, in the format of the command.
///
/// Thread safety: call from any thread.
class reporter {
public:
  reporter(output_format format, bool shows_progress)
    : format_{format}, shows_progress_{shows_progress} {}

  /// Reports why the command fails, and returns the exit status. `subject` is the topic, group or
  /// partition that failed; empty if there is none.
  exit_status fail(const ottla::kafka::error& why, std::string_view subject = {});
  exit_status fail(exit_status status, std::string_view text);

  /// Reports something that does not end the command.
  void note(std::string_view text);

  /// Shows a progress bar, if stderr is a terminal and the user wants a bar.
  void show_progress(progress_line& bar, const progress_line::counts& counts);
  /// Removes the bar. Call before anything else is written to the terminal.
  void clear_progress();

private:
  void print(std::string_view line);

  const output_format format_;
  const bool shows_progress_;
  std::mutex guard_;
  bool is_shown_ = false;
};

} // namespace command

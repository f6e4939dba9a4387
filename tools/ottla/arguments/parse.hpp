#pragma once

#include "arguments/arguments.hpp"
#include "text/exit_status.hpp"

#include <string>
#include <variant>
#include <vector>

namespace command {

/// The command line asks for a text only, or is wrong.
struct only_text {
  exit_status status = exit_status::ok;
  /// For stdout: a help or the version.
  std::string out = {};
  /// For stderr: what is wrong, without a line end.
  std::string fault = {};
  /// How the fault is written.
  output_format output = output_format::text;
};

/// Reads the arguments after the program's name. Prints nothing and reads no file.
std::variant<arguments, only_text> parse_arguments(const std::vector<std::string>& given);

/// A script for bash that completes the commands and options of `ottla`. Derived from the
/// definition that parse_arguments uses.
std::string bash_completion();

} // namespace command

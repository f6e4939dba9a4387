#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// Thrown for a file that cannot be used. The text names the file and the reason.
struct bad_input : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads the lines of text files, one file after the other, for the producer. A line longer than
/// `longest_line` is cut between two words, and each piece counts as a line.
class text_source {
public:
  static constexpr std::size_t longest_line = 64 * 1024;

  explicit text_source(std::vector<std::string> files);

  /// nullopt at the end of the last file. Throws bad_input if a file cannot be read, or has a word
  /// longer than `longest_line`.
  std::optional<std::string> next();

private:
  bool fill();
  std::string cut();

  std::vector<std::string> files_;
  std::size_t file_ = 0;
  std::ifstream in_;
  std::string line_; ///< the rest of the current line
  bool in_line_ = false;
};

/// The size of the input.
struct text_size {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
};

/// Reads all files once. Throws bad_input for a file that is missing, not regular, unreadable or
/// empty, or that holds a NUL byte or a word longer than text_source::longest_line.
text_size measure(const std::vector<std::string>& files);

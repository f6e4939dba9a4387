#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// A file cannot be used; the text names it and says why.
struct bad_input : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The lines of text files, one file after the other, as they are to be produced. A line longer
/// than a record may be is cut between two words, and each piece is a line of its own.
class text_source {
public:
  static constexpr std::size_t longest_line = 64 * 1024;

  explicit text_source(std::vector<std::string> files);

  /// Nothing: the end of the last file. Throws bad_input where a file cannot be read, or holds a
  /// word that is longer than a line may be.
  std::optional<std::string> next();

private:
  bool fill();
  std::string cut();

  std::vector<std::string> files_;
  std::size_t file_ = 0;
  std::ifstream in_;
  std::string line_; ///< what is left of the line in hand
  bool in_line_ = false;
};

/// How much there is to do.
struct text_size {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
};

/// Reads all files once. Throws bad_input for one that is missing, no regular file, unreadable,
/// empty, or no text (it holds a NUL byte, or a word that fits no record).
text_size measure(const std::vector<std::string>& files);

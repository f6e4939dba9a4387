#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace command {

// CLI11 gives some values a meaning of its own: `[a,b]` is two values, `{}` is none, and after
// `--key=` the next word is the value. Values of this command are literal texts. So parse_arguments
// hides such values from CLI11, and each option restores its values.

/// The words of a command line, with a mark in front of each value that CLI11 might interpret.
/// Names of commands and options stay as they are.
std::vector<std::string> marked(const std::vector<std::string>& words);

/// The literal text of a marked word, or of a text that quotes marked words.
std::string literal(std::string_view text);

} // namespace command

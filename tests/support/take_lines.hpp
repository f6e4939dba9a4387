#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

/// Removes all lines, and returns the lines as one text, as in `start a, end a`.
inline std::string take_lines(std::vector<std::string>& lines) {
  std::string result;
  for (const auto& line : std::exchange(lines, {}))
    result += (result.empty() ? "" : ", ") + line;
  return result;
}

} // namespace ottla::test

#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// Turns A to Z into a to z, independent of the locale. librdkafka ignores case in values that are
/// words, such as `read_uncommitted` and `true`.
inline std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  for (auto& one : lower)
    if (one >= 'A' && one <= 'Z')
      one = static_cast<char>(one - 'A' + 'a');
  return lower;
}

} // namespace ottla::kafka

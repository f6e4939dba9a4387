#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// The letters A to Z as a to z, whatever the locale. librdkafka compares the words among its
/// values, as `read_uncommitted` and `true`, without regard to case.
inline std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  for (auto& one : lower)
    if (one >= 'A' && one <= 'Z')
      one = static_cast<char>(one - 'A' + 'a');
  return lower;
}

} // namespace ottla::kafka

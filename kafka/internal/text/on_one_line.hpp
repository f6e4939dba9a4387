#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace ottla::kafka {

/// Writes control characters as `\n`, `\r`, `\t` and `\x01`, so that an untrusted text cannot begin
/// a new log line.
inline std::string on_one_line(std::string_view text) {
  std::string line;
  for (const auto one : text)
    switch (one) {
      case '\n': line += "\\n"; break;
      case '\r': line += "\\r"; break;
      case '\t': line += "\\t"; break;
      default:
        if (const auto byte = static_cast<unsigned char>(one); byte < 0x20 || byte == 0x7f)
          line += fmt::format("\\x{:02x}", byte);
        else
          line += one;
    }
  return line;
}

} // namespace ottla::kafka

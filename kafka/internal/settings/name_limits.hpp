#pragma once

#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <cstddef>
#include <string>

namespace ottla::kafka {

/// Longest text in a request to a broker, in bytes. Kafka's protocol has 15 bits for the length.
/// librdkafka does not check this limit, and brokers cannot parse its requests with longer texts.
inline constexpr std::size_t longest_text = 32'767;

/// Formats a name for an error text, on one line and truncated to 300 bytes.
inline std::string shown(const std::string& name) {
  constexpr std::size_t longest_shown = 300;
  if (name.size() <= longest_shown)
    return on_one_line(name);
  return on_one_line(name.substr(0, longest_shown)) + "…";
}

} // namespace ottla::kafka

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

/// A topic whose `messages` are spread evenly over its partitions. Keys are eight bytes long.
struct filled_topic {
  std::size_t message_bytes = 0; ///< key and value together
  std::int32_t partitions = 1;
  std::size_t messages = 0;

  std::string name() const;
};

/// Creates the topic and produces the missing messages. Keeps a topic that an earlier run filled.
/// Throws on failure.
void fill(const std::string& brokers, const filled_topic& what);

} // namespace bench

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

/// A topic with so many messages, spread evenly over its partitions; keys are eight bytes long.
struct filled_topic {
  std::size_t message_bytes = 0; ///< key and value together
  std::int32_t partitions = 1;
  std::size_t messages = 0;

  std::string name() const;
};

/// Makes the topic and produces what is missing in it; one that is full already, from an earlier
/// run, is left as it is. Throws where it cannot.
void fill(const std::string& brokers, const filled_topic& what);

} // namespace bench

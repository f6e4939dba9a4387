#pragma once

#include <cstdint>
#include <string>

namespace bench {

/// A new topic, which the destructor deletes.
class scratch_topic {
public:
  /// Throws std::runtime_error if the topic cannot be created.
  scratch_topic(std::string brokers, std::int32_t partitions);
  ~scratch_topic();
  scratch_topic(const scratch_topic&) = delete;
  scratch_topic& operator=(const scratch_topic&) = delete;

  const std::string& name() const noexcept { return name_; }

private:
  std::string brokers_;
  std::string name_;
};

} // namespace bench

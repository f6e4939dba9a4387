#pragma once

#include <atomic>
#include <cstdint>

namespace ottla::kafka {

/// Gives every lease of a connection a number of its own, rising, also across restarts of the tree.
class epoch_source {
public:
  std::uint64_t next() noexcept { return ++last_; }

private:
  std::atomic<std::uint64_t> last_ = 0;
};

} // namespace ottla::kafka

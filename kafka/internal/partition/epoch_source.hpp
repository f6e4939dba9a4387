#pragma once

#include <atomic>
#include <cstdint>

namespace ottla::kafka {

/// Numbers the leases and the assignments of a connection. Each number is higher than all earlier
/// numbers, even after a restart of the tree.
///
/// Thread safety: call from any thread.
class epoch_source {
public:
  std::uint64_t next() noexcept { return ++last_; }

private:
  std::atomic<std::uint64_t> last_ = 0;
};

} // namespace ottla::kafka

#pragma once

#include "patience.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace ottla::test {

/// A number that any thread can raise. The test's thread waits for it with a deadline instead of
/// sleeping.
class counter {
public:
  void raise() {
    const std::lock_guard lock{guard_};
    ++value_;
    changed_.notify_all();
  }

  std::size_t value() const {
    const std::lock_guard lock{guard_};
    return value_;
  }

  bool wait_for(std::size_t at_least, std::chrono::milliseconds within = patience()) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, within, [&] { return value_ >= at_least; });
  }

private:
  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::size_t value_ = 0;
};

} // namespace ottla::test

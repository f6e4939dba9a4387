#pragma once

#include <atomic>
#include <sys/types.h>
#include <unistd.h>

namespace ottla::detail {

/// Global state for each operating system process. A forked child gets its own instance. The
/// parent's instance is useless in the child, since another thread may have held its lock at the
/// fork, and since the parent's threads do not exist in the child.
///
/// Declare it as a static object. Instances are never destroyed, since threads and static objects
/// may use them until the process exits.
///
/// Thread safety: call from any thread.
template <class T>
class per_process {
public:
  T& get() {
    auto* known = newest_.load(std::memory_order_acquire);
    if (is_of_this_process(known))
      return known->value;
    auto* const fresh = new instance;
    fresh->parents = known;
    if (newest_.compare_exchange_strong(known, fresh, std::memory_order_acq_rel))
      return fresh->value;
    delete fresh;
    return known->value;
  }

private:
  struct instance {
    T value = {};
    pid_t process = getpid();
    /// Keeps the parent's instance reachable, so that leak detectors do not report it.
    instance* parents = nullptr;
  };

  static bool is_of_this_process(const instance* one) noexcept {
    return one != nullptr && one->process == getpid();
  }

  std::atomic<instance*> newest_ = nullptr;
};

} // namespace ottla::detail

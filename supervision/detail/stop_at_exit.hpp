#pragma once

#include <functional>

namespace ottla::detail {

/// Stops an application that still runs when the program exits: one in a static object, or one that
/// nobody destroys. Exit handlers run in the reverse order of their registration, so those of the
/// libraries that the application's start has set up, such as OpenSSL's, come later.
///
/// Not in a forked child, whose threads are gone, and not where an actor calls exit(): that would
/// wait for itself.
class stop_at_exit {
public:
  /// To be made when the start is complete. `stop` must not throw.
  explicit stop_at_exit(std::function<void()> stop);
  ~stop_at_exit();
  stop_at_exit(const stop_at_exit&) = delete;
  stop_at_exit& operator=(const stop_at_exit&) = delete;
};

} // namespace ottla::detail

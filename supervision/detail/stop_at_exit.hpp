#pragma once

#include <functional>

namespace ottla::detail {

/// Stops an application that still runs when the program exits: one in a static object, or one that
/// nobody destroys.
///
/// Not in a forked child, whose threads are gone, and not where an actor calls exit(): that would
/// wait for itself.
class stop_at_exit {
public:
  /// To be made before the first process starts: another thread may call exit() at any time. `stop`
  /// must not throw.
  explicit stop_at_exit(std::function<void()> stop);
  ~stop_at_exit();
  stop_at_exit(const stop_at_exit&) = delete;
  stop_at_exit& operator=(const stop_at_exit&) = delete;

  /// To be called when the start is complete. Exit handlers run in the reverse order of their
  /// registration, so the application now stops before the libraries that its start has set up,
  /// such as OpenSSL, are torn down. Blocks while the exit of the program calls `stop`.
  void register_again();
};

} // namespace ottla::detail

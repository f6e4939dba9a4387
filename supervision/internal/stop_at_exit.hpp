#pragma once

#include <functional>

namespace ottla::detail {

/// Stops an application that still runs when the program exits: a static object, or an object that
/// is never destroyed.
///
/// Does nothing in a forked child, whose threads are gone, and nothing if an actor calls exit(),
/// since the actor would wait for itself.
class stop_at_exit {
public:
  /// Create it before the first process starts: another thread may call exit() at any time. `stop`
  /// must not throw.
  explicit stop_at_exit(std::function<void()> stop);
  ~stop_at_exit();
  stop_at_exit(const stop_at_exit&) = delete;
  stop_at_exit& operator=(const stop_at_exit&) = delete;

  /// Call this when the start is complete. Exit handlers run in the reverse order of their
  /// registration. So the application now stops before the libraries that its start has set up,
  /// such as OpenSSL, are torn down. Blocks while the exit of the program calls `stop`.
  void register_again();
};

} // namespace ottla::detail

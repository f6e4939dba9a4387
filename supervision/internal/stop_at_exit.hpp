#pragma once

#include <functional>

namespace ottla::detail {

/// Stops an application that still runs when the program exits. Examples are a static object, and
/// an object in main while another thread calls exit().
///
/// Does nothing in a forked child, where the application's threads do not exist. Does nothing if an
/// actor calls exit(), since the actor would wait for itself.
class stop_at_exit {
public:
  /// Create the object before the first process starts, because another thread may call exit() at
  /// any time. `stop` must not throw.
  explicit stop_at_exit(std::function<void()> stop);
  ~stop_at_exit();
  stop_at_exit(const stop_at_exit&) = delete;
  stop_at_exit& operator=(const stop_at_exit&) = delete;

  /// Call this when the start is complete. Exit handlers run in the reverse order of their
  /// registration. So the application stops before the exit handlers of libraries that its start
  /// has initialized, such as OpenSSL. Blocks while the exit of the program calls `stop`.
  void register_again();
};

} // namespace ottla::detail

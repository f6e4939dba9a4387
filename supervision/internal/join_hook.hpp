#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>

namespace ottla::detail {

/// Calls a program's join_threads once, on a thread of its own, so that a stop can give up waiting.
class join_hook {
public:
  std::function<void()> join = {};

  /// The first call starts the hook. Each call waits for the hook's end, and returns false if the
  /// hook is still running at `until`. `inlined` runs the hook on the calling thread.
  bool run(std::chrono::steady_clock::time_point until, bool inlined);

  bool is_running() const;

  /// The text of the exception that the hook threw.
  const std::optional<std::string>& failure() const noexcept { return failure_; }

private:
  std::future<std::optional<std::string>> result_;
  std::optional<std::string> failure_;
};

} // namespace ottla::detail

#pragma once

#include <ottla/supervision/application.hpp>

#include "run/interruption.hpp"

#include <atomic>
#include <optional>
#include <thread>

namespace command {

/// Stops an application at the first SIGINT or SIGTERM, even if the thread of the program waits for
/// a process of the application at that time. The stop ends such waits.
///
/// Thread safety: signal() and descriptor() from any thread.
class stop_at_signal {
public:
  /// The references must outlive this object. Nobody else may use `signals`, or stop the
  /// application, before this object is destroyed.
  stop_at_signal(interruption& signals, ottla::application& app);
  /// Waits for the end of a stop that has begun.
  ~stop_at_signal();
  stop_at_signal(const stop_at_signal&) = delete;
  stop_at_signal& operator=(const stop_at_signal&) = delete;

  /// The signal; nullopt if none has arrived.
  std::optional<int> signal() const noexcept;

  /// For poll(): readable when a signal has arrived.
  int descriptor() const noexcept { return arrived_; }

private:
  void watch();

  interruption& signals_;
  ottla::application& app_;
  const int arrived_;
  const int unused_;
  /// 0 if none.
  std::atomic<int> signal_ = 0;
  std::thread watcher_;
};

} // namespace command

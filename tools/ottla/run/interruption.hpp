#pragma once

#include <optional>

namespace command {

/// Receives SIGINT and SIGTERM as data, so that they do not end the process. Create it before any
/// other thread starts. A signal that is ignored stays ignored, as under nohup.
///
/// Thread safety: one thread.
class interruption {
public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// For poll(): readable when a signal has arrived.
  int descriptor() const noexcept { return descriptor_; }

  /// The first signal; nullopt if none has arrived. After the first signal, the next one ends the
  /// process.
  std::optional<int> signal();

private:
  int descriptor_ = -1;
  std::optional<int> signal_ = std::nullopt;
};

} // namespace command

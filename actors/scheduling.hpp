#pragma once

#include <cstdint>

namespace ottla {

/// Which thread runs an actor that gets a message while it is idle.
enum class scheduling : std::uint8_t {
  /// ottla's scheduler. The thread that wakes an actor runs it after the current handler. Another
  /// thread takes over actors that have waited for 1 to 2 ms. Timers and ends of actors wake no
  /// thread needlessly. The fastest choice if short handlers send to one another. With CAF 1.x,
  /// `handoff` is the same as `sharing`.
  handoff,
  /// CAF's scheduler with one queue for all threads. Use it if handlers send first and then compute
  /// for milliseconds, and receivers must not wait 1 to 2 ms.
  sharing,
  /// CAF's scheduler with one queue for each thread. Idle threads poll the queues of other threads
  /// all the time, which costs CPU time.
  stealing,
};

} // namespace ottla

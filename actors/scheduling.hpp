#pragma once

#include <cstdint>

namespace ottla {

/// Which thread runs an actor that is woken.
enum class scheduling : std::uint8_t {
  /// ottla's scheduler: the thread that wakes an actor runs it after the current handler. Another
  /// thread takes over actors that have waited there for 1 to 2 ms. Timers and ends of actors wake
  /// no thread. Fastest if short handlers send to one another. With CAF 1.x the same as `sharing`.
  handoff,
  /// CAF's scheduler with one queue for all threads. For handlers that send first and then compute
  /// for milliseconds, if the receivers must not wait 1 to 2 ms.
  sharing,
  /// CAF's scheduler with one queue a thread. Idle threads poll the queues of the others all the
  /// time.
  stealing,
};

} // namespace ottla

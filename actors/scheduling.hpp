#pragma once

#include <cstdint>

namespace ottla {

/// Which thread runs an actor that is woken.
enum class scheduling : std::uint8_t {
  /// Ours: the one that woke it, after the handler in hand; another takes over what would wait
  /// there for long (from 1 to 2 ms on). Timers and ends of actors wake no thread. The fastest
  /// where short handlers send to one another. With CAF 1.x it is `sharing`.
  handoff,
  /// CAF's: any of them, out of one queue. Where a handler sends first, computes for milliseconds
  /// then, and others should run meanwhile without those.
  sharing,
  /// CAF's: queues of their own, which idle ones look through all the time.
  stealing,
};

} // namespace ottla

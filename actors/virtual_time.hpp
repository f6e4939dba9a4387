#pragma once

#include <ottla/actors/caf.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace ottla {

/// An actor system for tests, which runs on the calling thread. The clock advances only on request.
/// A thousand restarts with a delay of a second take milliseconds, and always run in the same
/// order. Actors run only in the calls below, and in blocking calls. A blocking call fails after a
/// day of virtual time.
///
/// Thread safety: none.
class virtual_time {
public:
  virtual_time();

  /// Runs the actors that are ready. Remaining timers never fire. Aborts the program with a message
  /// if an actor is still alive, since CAF would wait for this actor forever.
  ~virtual_time();
  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  caf::actor_system& system();
  caf::actor_clock::time_point now();

  /// Runs actors until no actor is ready at the present time. Returns the number of turns.
  std::size_t run();

  /// Runs one turn of one actor. False if no actor is ready.
  bool step();

  /// Advances the clock from timer to timer until `by` has passed, and runs all ready actors after
  /// each timer. Returns the number of turns.
  std::size_t advance(saturating<std::chrono::nanoseconds> by);

  /// Simulates a handler that does not return. The process handles no message and no kill until
  /// wake(). New messages wait in its mailbox.
  void hang(const caf::actor& process);
  void wake(const caf::actor& process);

  /// Calls `choose` before each turn with the number of ready actors. `choose` returns the index of
  /// the actor that takes the turn. Index 0 is the actor that has been ready longest, which is the
  /// default. An exception of `choose` propagates out of run() and advance().
  void choose_turns(std::function<std::size_t(std::size_t ready)> choose);

private:
  struct machine;
  std::unique_ptr<machine> impl_;
};

} // namespace ottla

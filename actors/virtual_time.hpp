#pragma once

#include <ottla/actors/caf.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace ottla {

/// An actor system for tests, which runs on the calling thread. Its clock advances only on request:
/// a thousand restarts with a delay of a second take milliseconds, and always happen in the same
/// way. Actors run only in the calls below, and in blocking calls to this system.
///
/// Thread safety: none.
class virtual_time {
public:
  virtual_time();

  /// Runs what is left to do at the present time; remaining timers never fire. If actors are still
  /// alive then, aborts the program with a message, since CAF would wait for them for ever.
  ~virtual_time();
  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  caf::actor_system& system();
  caf::actor_clock::time_point now();

  /// Runs actors until none has anything to do at the present time. Returns the number of turns.
  std::size_t run();

  /// Runs one turn of one actor. False if no actor is ready.
  bool step();

  /// Advances from timer to timer, and runs all that follows from each, until `by` has passed.
  /// Returns the number of turns.
  std::size_t advance(saturating<std::chrono::nanoseconds> by);

  /// As if the current handler never returned: the process does nothing, and sees no kill, until
  /// wake(). Its mailbox fills.
  void hang(const caf::actor& process);
  void wake(const caf::actor& process);

  /// Calls `choose` before each turn with the number of ready actors. `choose` returns the index of
  /// the actor that takes the turn; index 0 has been ready longest. The default is always 0. An
  /// exception of `choose` leaves run() and advance().
  void choose_turns(std::function<std::size_t(std::size_t ready)> choose);

private:
  struct machine;
  std::unique_ptr<machine> impl_;
};

} // namespace ottla

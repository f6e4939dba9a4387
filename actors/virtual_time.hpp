#pragma once

#include <ottla/actors/caf.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace ottla {

/// An actor system for tests, on the thread that calls and with a clock that moves only when told
/// to: a thousand restarts with a second's delay each take milliseconds, and always the same way.
/// Nothing runs but in run() and advance().
///
/// Thread safety: none.
class virtual_time {
public:
  virtual_time();

  /// What is left to do at the present time is done; timers that are left never fire. Actors that
  /// live on then abort the program with a message, as CAF would wait for them for ever.
  ~virtual_time();
  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  caf::actor_system& system();
  caf::actor_clock::time_point now();

  /// Until nobody has anything to do at the present time. Answers how many turns actors took.
  std::size_t run();

  /// One turn of one actor. False: nobody has anything to do at the present time.
  bool step();

  /// From timer to timer, each with all that it leads to, until `by` has passed. Answers as run().
  std::size_t advance(saturating<std::chrono::nanoseconds> by);

  /// As if the handler in hand never returned: the process does nothing, and sees no kill, until
  /// wake() is called. Its mailbox fills.
  void hang(const caf::actor& process);
  void wake(const caf::actor& process);

  /// Asked before each turn which of those that are ready takes it, longest ready first: a number
  /// below how many there are. Without one it is always the first. What it throws leaves run() and
  /// advance().
  void choose_turns(std::function<std::size_t(std::size_t ready)> choose);

private:
  struct machine;
  std::unique_ptr<machine> it_;
};

} // namespace ottla

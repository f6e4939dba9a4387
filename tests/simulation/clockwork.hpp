#pragma once

#include <ottla/actors/virtual_time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace ottla::kafka::simulation {

/// Time since the start of a simulated life.
using moment = std::chrono::microseconds;

/// Runs functions later, on the virtual clock of the actors. Runs one function at a time, in the
/// order of due times, so that actors take turns between two functions.
class clockwork {
public:
  clockwork() = default;
  clockwork(const clockwork&) = delete;
  clockwork& operator=(const clockwork&) = delete;

  void start(virtual_time& on);
  /// Drops all pending functions.
  void stop();

  moment now() const;
  void after(moment delay, std::function<void()> then);

private:
  class hands;
  /// Runs the first function that is due, if any. Returns the time after which to schedule the next
  /// call. Negative if no function is pending, or if an early enough call is already scheduled.
  moment turn();

  virtual_time* time_ = nullptr;
  caf::actor_clock::time_point began_;
  caf::actor hands_;
  std::map<std::pair<moment, std::uint64_t>, std::function<void()>> due_;
  std::uint64_t last_ = 0;
  moment armed_ = moment::max();
};

} // namespace ottla::kafka::simulation

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

/// Lets things happen later, on the virtual clock of the actors: one at a time, in the order of
/// their times, with actors' turns in between.
class clockwork {
public:
  clockwork() = default;
  clockwork(const clockwork&) = delete;
  clockwork& operator=(const clockwork&) = delete;

  void start(virtual_time& on);
  /// What is left never happens.
  void stop();

  moment now() const;
  void after(moment delay, std::function<void()> then);

private:
  class hands;
  /// The first thing that is due, if any. Answers how long until the next one; negative: none.
  moment turn();

  virtual_time* time_ = nullptr;
  caf::actor_clock::time_point began_;
  caf::actor hands_;
  std::map<std::pair<moment, std::uint64_t>, std::function<void()>> due_;
  std::uint64_t last_ = 0;
  moment armed_ = moment::max();
};

} // namespace ottla::kafka::simulation

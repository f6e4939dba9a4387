#pragma once

#include <ottla/kafka/producer/producer.hpp>

#include "scene.hpp"

#include <memory>

namespace ottla::kafka::simulation {

/// Makes the calls of a program's actors to a kafka::producer. Each call has an actor of its own,
/// which stays alive until the end of the simulated life, so that a second answer is noticed.
class producing_callers {
public:
  producing_callers(scene& on, caf::actor_system& system) : on_{on}, system_{system} {}
  /// Kills the actors.
  ~producing_callers();
  producing_callers(const producing_callers&) = delete;
  producing_callers& operator=(const producing_callers&) = delete;

  /// Draws the deadline, and what happens without room. `values` are unique in the life.
  void call(const producer& to, std::size_t member, std::vector<std::string> values);

  /// Compares all answers with the log. Call when no actor is alive that could still answer.
  void check() const;

private:
  struct asked;
  class caller;

  void check(const asked& one) const;
  void check_order(const asked& one) const;

  scene& on_;
  caf::actor_system& system_;
  std::vector<std::shared_ptr<asked>> calls_;
  std::vector<caf::actor> callers_;
};

} // namespace ottla::kafka::simulation

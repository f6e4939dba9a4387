#pragma once

#include <ottla/actors/caf.hpp>

#include <cstddef>
#include <vector>

namespace bench {

/// An actor system with idle processes, which the benchmarks find by name.
class population {
public:
  explicit population(std::size_t processes);
  ~population();
  population(const population&) = delete;
  population& operator=(const population&) = delete;

  caf::actor_system& system() noexcept { return system_; }

  /// The process that holds this name. Names are assigned to the processes in turn.
  const caf::actor& holder_of(std::size_t name) const {
    return processes_[name % processes_.size()];
  }

private:
  struct sharing : caf::actor_system_config {
    sharing();
  };

  sharing config_;
  caf::actor_system system_{config_};
  std::vector<caf::actor> processes_;
};

} // namespace bench

#include "registry_lookup/population.hpp"

#include "registry_lookup/idle.hpp"

namespace bench {

population::sharing::sharing() {
  ottla::set_scheduler(*this, ottla::scheduling::sharing);
}

population::population(std::size_t processes) {
  processes_.reserve(processes);
  for (std::size_t process = 0; process < processes; ++process)
    processes_.push_back(caf::actor_cast<caf::actor>(system_.spawn<idle>()));
}

population::~population() {
  for (const auto& process : processes_)
    ottla::kill(process);
}

} // namespace bench

#include <ottla/actors/process.hpp>
#include <ottla/supervision/internal/left_behind.hpp>

namespace ottla {

void left_behind::add(std::string path, const caf::actor& process) {
  const std::lock_guard lock{guard_};
  all_.emplace_back(std::move(path), process.address());
}

std::vector<std::string> left_behind::paths() const {
  std::vector<std::string> result;
  // Declared before the lock, so that handles are released after it: the release of a last handle
  // destroys a process's state.
  std::vector<caf::actor> held;
  const std::lock_guard lock{guard_};
  for (const auto& [path, address] : all_) {
    held.push_back(caf::actor_cast<caf::actor>(address));
    if (!has_ended(held.back()))
      result.push_back(path);
  }
  return result;
}

} // namespace ottla

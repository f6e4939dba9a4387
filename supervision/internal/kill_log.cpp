#include <ottla/supervision/internal/kill_log.hpp>

#include <algorithm>
#include <utility>

namespace ottla {

void kill_log::tree_ends() {
  const std::lock_guard lock{guard_};
  tree_ends_ = true;
}

void kill_log::add(std::string path) {
  const std::lock_guard lock{guard_};
  if (tree_ends_ && std::ranges::find(paths_, path) == paths_.end())
    paths_.push_back(std::move(path));
}

void kill_log::remove(const std::string& path) {
  const std::lock_guard lock{guard_};
  std::erase(paths_, path);
}

std::vector<std::string> kill_log::paths() const {
  const std::lock_guard lock{guard_};
  return paths_;
}

} // namespace ottla

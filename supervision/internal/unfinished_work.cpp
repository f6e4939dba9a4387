#include <ottla/supervision/internal/unfinished_work.hpp>

namespace ottla {

void unfinished_work::add(std::string_view path, std::string_view what) {
  std::string line{path};
  line += ": ";
  line += what;
  const std::lock_guard lock{guard_};
  lines_.push_back(std::move(line));
}

std::vector<std::string> unfinished_work::lines() const {
  const std::lock_guard lock{guard_};
  return lines_;
}

} // namespace ottla

#include <ottla/actors/process.hpp>
#include <ottla/supervision/internal/child_processes.hpp>

#include <algorithm>

namespace ottla {

child_row& child_processes::add(std::shared_ptr<child_row> one) {
  const std::lock_guard lock{guard_};
  const auto which = one->run.key;
  return *members_.insert_or_assign(which, std::move(one)).first->second;
}

std::shared_ptr<child_row> child_processes::remove(key which) {
  const std::lock_guard lock{guard_};
  const auto found = members_.find(which);
  if (found == members_.end())
    return nullptr;
  auto gone = std::move(found->second);
  members_.erase(found);
  return gone;
}

void child_processes::mark_ending(child_row& one) {
  const std::lock_guard lock{guard_};
  one.run.is_ending = true;
}

child_row* child_processes::find(key which) {
  const auto found = members_.find(which);
  return found == members_.end() ? nullptr : found->second.get();
}

std::vector<child_processes::key> child_processes::keys() const {
  std::vector<key> result;
  result.reserve(members_.size());
  for (const auto& [which, one] : members_)
    result.push_back(which);
  std::ranges::sort(result);
  return result;
}

std::vector<std::shared_ptr<child_row>> child_processes::survivors() const {
  std::map<key, std::shared_ptr<child_row>> found;
  add_survivors(found);
  std::vector<std::shared_ptr<child_row>> result;
  result.reserve(found.size());
  for (auto& [which, one] : found)
    result.push_back(std::move(one));
  return result;
}

// An orphan is in the tables of its dead parent and of the supervisor that waits for the orphan.
void child_processes::add_survivors(std::map<key, std::shared_ptr<child_row>>& found) const {
  const std::lock_guard lock{guard_};
  for (const auto& [which, one] : members_) {
    if (!has_ended(one->run.process)) {
      auto& copy = found[which];
      if (copy)
        continue;
      copy = std::make_shared<child_row>();
      copy->spec = one->spec;
      copy->label = one->label;
      copy->run.key = which;
      copy->run.process = one->run.process;
      copy->run.children = one->run.children;
    } else if (one->run.children) {
      one->run.children->add_survivors(found);
    }
  }
}

std::vector<child_processes::member> child_processes::living() const {
  std::vector<member> result;
  std::set<key> seen;
  add_living(result, seen);
  return result;
}

void child_processes::add_living(std::vector<member>& result, std::set<key>& seen) const {
  const std::lock_guard lock{guard_};
  for (const auto which : keys()) {
    const auto& one = *members_.at(which);
    if (one.run.children)
      one.run.children->add_living(result, seen);
    // An orphan has a row in its dead supervisor's table, and a copy of that row in this table. The
    // dead supervisor has a smaller key, so its table is visited first and the copy is skipped.
    // Only the original shows whether the orphan was asked to end.
    if (!has_ended(one.run.process) && seen.insert(which).second)
      result.push_back({one.label->path(), one.run.is_ending});
  }
}

} // namespace ottla

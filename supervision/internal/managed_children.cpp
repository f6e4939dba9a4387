#include <ottla/supervision/internal/managed_children.hpp>

#include <utility>

namespace ottla {

namespace {

bool is_same(const managed_children::incarnation& one, const managed_children::incarnation& other) {
  return one.number == other.number && !one.tree.owner_before(other.tree)
         && !other.tree.owner_before(one.tree);
}

} // namespace

managed_children::child* managed_children::find(const std::string& id) {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &all_.at(found->second);
}

managed_children::child* managed_children::find_starting(const spec_ptr& what) {
  auto* known = find(what->id);
  const bool is_this = known != nullptr && known->spec == what && known->now == state::starting;
  return is_this ? known : nullptr;
}

managed_children::state managed_children::state_of(const std::string& id) const {
  const std::lock_guard lock{guard_};
  const auto found = places_.find(id);
  return found == places_.end() ? state::unknown : all_.at(found->second).now;
}

bool managed_children::has(const spec_ptr& what) const {
  const std::lock_guard lock{guard_};
  const auto found = places_.find(what->id);
  return found != places_.end() && all_.at(found->second).spec == what;
}

void managed_children::add(spec_ptr what) {
  const std::lock_guard lock{guard_};
  if (!places_.emplace(what->id, last_place_ + 1).second)
    return;
  all_[++last_place_] = {.spec = std::move(what)};
}

void managed_children::replace(spec_ptr what) {
  const std::lock_guard lock{guard_};
  const auto [at, is_new] = places_.emplace(what->id, last_place_ + 1);
  if (is_new)
    ++last_place_;
  all_[at->second] = {.spec = std::move(what)};
}

bool managed_children::keep_down(const std::string& id) {
  const std::lock_guard lock{guard_};
  auto* known = find(id);
  if (known != nullptr)
    known->now = state::kept_down;
  return known != nullptr;
}

void managed_children::attach(const incarnation& to, const std::set<std::string>& present) {
  const std::lock_guard lock{guard_};
  const bool is_new = !is_same(to, std::exchange(last_supervisor_, to));
  for (auto& [at, each] : all_) {
    if (each.now == state::kept_down)
      continue;
    if (present.contains(each.spec->id))
      each.now = state::started;
    else if (is_new || each.now != state::started)
      each.now = state::startable;
  }
}

std::vector<managed_children::spec_ptr> managed_children::take_startable() {
  const std::lock_guard lock{guard_};
  std::vector<spec_ptr> result;
  for (auto& [at, each] : all_)
    if (each.now == state::startable) {
      each.now = state::starting;
      result.push_back(each.spec);
    }
  return result;
}

void managed_children::started(const spec_ptr& what) {
  const std::lock_guard lock{guard_};
  if (auto* known = find_starting(what))
    known->now = state::started;
}

void managed_children::not_started(const spec_ptr& what) {
  const std::lock_guard lock{guard_};
  if (auto* known = find_starting(what))
    known->now = state::startable;
}

void managed_children::forget(const spec_ptr& what) {
  const std::lock_guard lock{guard_};
  if (find_starting(what) == nullptr)
    return;
  const auto found = places_.find(what->id);
  all_.erase(found->second);
  places_.erase(found);
}

} // namespace ottla

#include <ottla/registry/messages.hpp>
#include <ottla/registry/name_table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace ottla {

namespace {

void check(std::string_view name) {
  if (name.empty())
    throw std::invalid_argument{"a name must not be empty, got \"\""};
  if (name.size() > name_table::longest_name)
    throw std::invalid_argument{fmt::format("a name has at most {} bytes, \"{}…\" has {}",
                                            name_table::longest_name, name.substr(0, 32),
                                            name.size())};
  const auto control
    = [](char one) { return static_cast<unsigned char>(one) < 0x20 || one == 0x7f; };
  if (std::any_of(name.begin(), name.end(), control))
    throw std::invalid_argument{
      fmt::format("a name has no control characters, got {:?}", std::string{name})};
}

} // namespace

// A handle taken from the table may turn out to be the last one there is, and its end runs the
// destructor of a user's process: never under the lock.

caf::actor name_table::whereis(std::string_view name) const {
  caf::actor holder;
  {
    const std::shared_lock lock{guard_};
    const auto found = names_.find(name);
    if (found == names_.end())
      return {};
    holder = caf::actor_cast<caf::actor>(found->second);
  }
  return is_alive(holder) ? holder : caf::actor{};
}

caf::actor name_table::claim(std::string_view name, const caf::actor& who) {
  check(name);
  caf::actor registry;
  caf::actor holder;
  {
    const std::unique_lock lock{guard_};
    const auto found = names_.find(name);
    if (found == names_.end()) {
      names_.emplace(name, who.address());
    } else {
      holder = caf::actor_cast<caf::actor>(found->second);
      if (is_alive(holder))
        return holder;
      found->second = who.address();
    }
    registry = caf::actor_cast<caf::actor>(registry_);
  }
  // Without a registry nothing is lost: the next one reads the whole table when it starts.
  if (registry)
    post(registry, name_claimed{who, std::string{name}});
  return who;
}

void name_table::release(std::string_view name, const caf::actor& who) {
  forget(name, who.address());
}

void name_table::forget(std::string_view name, const caf::actor_addr& who) {
  const std::unique_lock lock{guard_};
  const auto found = names_.find(name);
  if (found != names_.end() && found->second == who)
    names_.erase(found);
}

void name_table::forget_the_dead() {
  std::vector<caf::actor> holders;
  const std::unique_lock lock{guard_};
  std::erase_if(names_, [&](const auto& entry) {
    holders.push_back(caf::actor_cast<caf::actor>(entry.second));
    return !is_alive(holders.back());
  });
}

std::vector<std::pair<std::string, caf::actor>> name_table::select(std::string_view prefix) const {
  std::vector<std::pair<std::string, caf::actor>> result;
  {
    const std::shared_lock lock{guard_};
    for (const auto& [name, address] : names_)
      if (name.starts_with(prefix))
        result.emplace_back(name, caf::actor_cast<caf::actor>(address));
  }
  std::erase_if(result, [](const auto& row) { return !is_alive(row.second); });
  std::sort(result.begin(), result.end(),
            [](const auto& left, const auto& right) { return left.first < right.first; });
  return result;
}

std::size_t name_table::size() const {
  const std::shared_lock lock{guard_};
  return names_.size();
}

void name_table::watch_with(caf::actor registry) {
  const std::unique_lock lock{guard_};
  registry_ = registry.address();
}

} // namespace ottla

#include <ottla/actors/check_name.hpp>
#include <ottla/actors/root_directory.hpp>

#include <fmt/format.h>

#include <mutex>
#include <stdexcept>
#include <utility>

namespace ottla {

namespace {

/// A look-up uses the part before the first '/' as prefix, so a prefix that contains a '/' would
/// never be found.
void check_prefix(std::string_view prefix) {
  check_name(prefix);
  if (prefix.find('/') != std::string_view::npos)
    throw std::invalid_argument{fmt::format("a prefix must not contain '/', got \"{}\"", prefix)};
}

} // namespace

caf::actor root_directory::whereis(std::string_view name) const {
  std::string_view rest;
  if (auto below = mounted_for(name, rest))
    return below->whereis(rest);
  // Declared before the lock and released after it: this may become the last handle, whose release
  // runs a user's destructor.
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

bool root_directory::visit(std::string_view name, process_visitor use) const {
  std::string_view rest;
  if (auto below = mounted_for(name, rest))
    return below->visit(rest, use);
  return directory::visit(name, use);
}

std::shared_ptr<const registration> root_directory::keep(std::string_view name) const {
  std::string_view rest;
  const auto below = mounted_for(name, rest);
  return below ? below->keep(rest) : nullptr;
}

caf::actor root_directory::claim(std::string_view name, const caf::actor& who) {
  std::string_view rest;
  if (auto below = mounted_for(name, rest))
    return below->claim(rest, who);
  check_name(name);
  if (!is_alive(who))
    return {};
  caf::actor holder;
  const std::unique_lock lock{guard_};
  auto& entry = names_[std::string{name}];
  holder = caf::actor_cast<caf::actor>(entry);
  if (is_alive(holder))
    return holder;
  entry = who.address();
  return who;
}

caf::actor root_directory::claim_held(std::string_view name, const caf::actor& who) {
  std::string_view rest;
  if (auto below = mounted_for(name, rest))
    return below->claim_held(rest, who);
  return claim(name, who);
}

void root_directory::release(std::string_view name, const caf::actor_addr& who) {
  std::string_view rest;
  if (auto below = mounted_for(name, rest))
    return below->release(rest, who);
  const std::unique_lock lock{guard_};
  const auto found = names_.find(name);
  if (found != names_.end() && found->second == who)
    names_.erase(found);
}

bool root_directory::mount(std::string_view prefix, std::shared_ptr<directory> names) {
  check_prefix(prefix);
  // Declared before the lock and released after it: the last handle of a process runs a user's
  // destructor, and a replaced table waits for its readers, which may wait for this lock.
  std::vector<caf::actor> made;
  mount_point replaced;
  const std::unique_lock lock{guard_};
  if (owner_of(prefix, made))
    return false;
  replaced = std::exchange(mounted_[std::string{prefix}], {std::move(names), {}});
  return true;
}

caf::actor root_directory::mount_for(const caf::actor& owner, std::string_view prefix,
                                     std::shared_ptr<directory> names) {
  check_prefix(prefix);
  if (!is_alive(owner))
    return {};
  std::vector<caf::actor> made;
  mount_point replaced;
  const std::unique_lock lock{guard_};
  if (auto holder = owner_of(prefix, made); holder && holder != owner)
    return holder;
  replaced = std::exchange(mounted_[std::string{prefix}], {std::move(names), owner.address()});
  return owner;
}

void root_directory::unmount(const caf::actor_addr& owner) {
  const std::unique_lock lock{guard_};
  for (auto& [prefix, at] : mounted_)
    if (at.owner == owner)
      at.owner = {};
}

caf::actor root_directory::owner_of(std::string_view prefix, std::vector<caf::actor>& made) const {
  const auto is_living = [&](const caf::actor_addr& who) {
    made.push_back(caf::actor_cast<caf::actor>(who));
    return is_alive(made.back());
  };
  if (const auto found = mounted_.find(prefix); found != mounted_.end())
    if (is_living(found->second.owner))
      return made.back();
  // A mount would hide the names below the prefix.
  const auto below = std::string{prefix} + '/';
  for (auto one = names_.lower_bound(below); one != names_.end() && one->first.starts_with(below);
       ++one)
    if (is_living(one->second))
      return made.back();
  return {};
}

std::shared_ptr<directory> root_directory::mounted(std::string_view prefix) const {
  const std::shared_lock lock{guard_};
  const auto found = mounted_.find(prefix);
  return found == mounted_.end() ? nullptr : found->second.names;
}

std::shared_ptr<directory> root_directory::mounted_for(std::string_view name,
                                                       std::string_view& rest) const {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos)
    return nullptr;
  const std::shared_lock lock{guard_};
  const auto found = mounted_.find(name.substr(0, slash));
  if (found == mounted_.end())
    return nullptr;
  rest = name.substr(slash + 1);
  return found->second.names;
}

} // namespace ottla

#include <ottla/actors/check_name.hpp>
#include <ottla/actors/root_directory.hpp>

#include <mutex>
#include <utility>

namespace ottla {

caf::actor root_directory::whereis(std::string_view name) const {
  std::string_view rest;
  if (auto below = mounted_for(name, rest))
    return below->whereis(rest);
  // Before the lock: it may turn out to be the last handle, and its end runs a user's destructor.
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
  const std::unique_lock lock{guard_};
  mounted_.insert_or_assign(std::string{prefix}, std::move(names));
  return true;
}

std::shared_ptr<directory> root_directory::mounted(std::string_view prefix) const {
  const std::shared_lock lock{guard_};
  const auto found = mounted_.find(prefix);
  return found == mounted_.end() ? nullptr : found->second;
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
  return found->second;
}

} // namespace ottla

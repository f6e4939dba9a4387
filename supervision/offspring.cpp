#include <ottla/actors/process.hpp>
#include <ottla/supervision/offspring.hpp>

#include <algorithm>
#include <iterator>

namespace ottla {

void supervised::open_calls::tell_starter(child_result what) {
  if (auto promise = std::exchange(starter, {}); promise.pending())
    promise.deliver(std::move(what));
}

void supervised::open_calls::tell_terminators() {
  for (auto& promise : std::exchange(terminators, {}))
    if (promise.pending())
      promise.deliver(child_result{});
}

supervised& offspring::add(supervised one) {
  const std::lock_guard lock{guard_};
  const auto which = one.key;
  return members_.insert_or_assign(which, std::move(one)).first->second;
}

std::optional<supervised> offspring::remove(key which) {
  const std::lock_guard lock{guard_};
  const auto found = members_.find(which);
  if (found == members_.end())
    return std::nullopt;
  std::optional<supervised> gone{std::move(found->second)};
  members_.erase(found);
  return gone;
}

void offspring::mark_ending(supervised& one) {
  const std::lock_guard lock{guard_};
  one.ending = true;
}

supervised* offspring::find(key which) {
  const auto found = members_.find(which);
  return found == members_.end() ? nullptr : &found->second;
}

std::vector<offspring::key> offspring::keys() const {
  std::vector<key> result;
  result.reserve(members_.size());
  for (const auto& [which, one] : members_)
    result.push_back(which);
  std::ranges::sort(result);
  return result;
}

std::vector<supervised> offspring::survivors() const {
  std::vector<supervised> result;
  const std::lock_guard lock{guard_};
  for (const auto which : keys()) {
    const auto& one = members_.at(which);
    if (!has_ended(one.process)) {
      auto& copy = result.emplace_back();
      copy.spec = one.spec;
      copy.label = one.label;
      copy.process = one.process;
      copy.its = one.its;
      copy.key = which;
    } else if (one.its) {
      std::ranges::move(one.its->survivors(), std::back_inserter(result));
    }
  }
  return result;
}

std::vector<offspring::member> offspring::living() const {
  std::vector<member> result;
  const std::lock_guard lock{guard_};
  for (const auto which : keys()) {
    const auto& one = members_.at(which);
    if (one.its)
      std::ranges::move(one.its->living(), std::back_inserter(result));
    if (!has_ended(one.process))
      result.push_back({one.label->path(), one.ending});
  }
  return result;
}

} // namespace ottla

#include <ottla/actors/saturating.hpp>
#include <ottla/supervision/internal/restart_queue.hpp>

#include <algorithm>
#include <iterator>

namespace ottla {

namespace {

bool contains(const auto& ids, const std::string& id) {
  return std::ranges::find(ids, id) != ids.end();
}

template <class Ids>
std::string take_first(Ids& from) {
  auto id = std::move(from.front());
  from.erase(from.begin());
  return id;
}

} // namespace

void restart_queue::begin(std::vector<std::string> children) {
  group_ = group{};
  group_->start = std::move(children);
}

void restart_queue::restart(const std::string& id, time_point now, std::chrono::nanoseconds delay) {
  const auto not_before = saturating_add(now, delay);
  waiting_[id] = not_before;
  if (delay > delay.zero() && how_ == strategy::one_for_one)
    delayed_.emplace(not_before, id);
  else
    due_.push_back(id);
}

restart_queue::step restart_queue::next(time_point now) {
  if (group_ && !group_->stop.empty())
    return {action::stop, take_first(group_->stop)};
  if (!due_.empty())
    return {how_ == strategy::one_for_one ? action::start : action::plan, take_first(due_)};
  if (!group_)
    return {};
  if (group_->start.empty()) {
    group_.reset();
    return {action::done};
  }
  if (group_->not_before > now)
    return {action::wait, {}, group_->not_before};
  return {action::start, take_first(group_->start)};
}

void restart_queue::plan(const std::string& failed, std::span<const member> children) {
  const auto members = members_of_group(failed, children);
  const auto before = std::exchange(group_, group{.cause = failed});
  for (auto each = members.rbegin(); each != members.rend(); ++each)
    if (each->id != failed)
      group_->stop.push_back(each->id);
  for (const auto& each : members) {
    if (each.temporary)
      continue;
    group_->start.push_back(each.id);
    if (waits(each.id))
      group_->not_before = std::max(group_->not_before, waiting_[each.id]);
    else if (!each.running)
      waiting_.try_emplace(each.id);
  }
  if (before)
    join(*before);
  // A failed child that this group starts needs no plan of its own.
  std::erase_if(due_, [&](const std::string& id) { return contains(group_->start, id); });
}

std::span<const restart_queue::member>
restart_queue::members_of_group(const std::string& failed, std::span<const member> children) const {
  const auto cause = std::ranges::find(children, failed, &member::id);
  switch (how_) {
    case strategy::one_for_one: break; // next() starts the child without a group.
    case strategy::rest_for_one: return {cause, children.end()};
    case strategy::one_for_all: return children;
  }
  return {};
}

void restart_queue::join(const group& before) {
  auto& start = group_->start;
  std::vector<std::string> earlier;
  std::ranges::copy_if(before.start, std::back_inserter(earlier),
                       [&](const std::string& id) { return !contains(start, id); });
  if (earlier.empty())
    return;
  start.insert(start.begin(), earlier.begin(), earlier.end());
  group_->not_before = std::max(group_->not_before, before.not_before);
  group_->cause = before.cause;
}

void restart_queue::member_stopped(const std::string& id) {
  if (group_ && contains(group_->start, id))
    waiting_.try_emplace(id);
}

void restart_queue::cancel(const std::string& id, bool is_starting) {
  const bool had_group = group_.has_value();
  const auto mark = waiting_.find(id);
  std::erase(due_, id);
  if (mark != waiting_.end())
    delayed_.erase({mark->second, id});
  if (group_) {
    const bool pending = std::erase(group_->start, id) != 0 || is_starting;
    if (pending && group_->cause == id)
      group_.reset();
  }
  // If this child did not wait and the group stays, no wait has ended. The scan is skipped, since
  // it is slow with thousands of children.
  if (group_.has_value() == had_group && mark == waiting_.end())
    return;
  std::erase_if(waiting_, [&](const auto& each) { return !is_queued(each.first, each.second); });
}

void restart_queue::abandon() {
  group_.reset();
  due_.clear();
  delayed_.clear();
}

void restart_queue::wake(time_point now) {
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    due_.push_back(delayed_.begin()->second);
    delayed_.erase(delayed_.begin());
  }
}

std::optional<restart_queue::time_point> restart_queue::wake_time() const {
  return delayed_.empty() ? std::nullopt : std::optional{delayed_.begin()->first};
}

bool restart_queue::will_stop(const std::string& id) const {
  return group_ && contains(group_->stop, id);
}

bool restart_queue::only_waits(time_point now) const {
  return group_ && due_.empty() && group_->stop.empty() && group_->not_before > now;
}

bool restart_queue::is_queued(const std::string& id, time_point not_before) const {
  return contains(due_, id) || delayed_.contains({not_before, id})
         || (group_ && contains(group_->start, id));
}

} // namespace ottla

#include <ottla/actors/background_work.hpp>
#include <ottla/actors/internal/per_process.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace ottla {

namespace {

struct piece {
  std::string name;
  background value = background::owed;
};

struct all_work {
  std::mutex guard;
  std::condition_variable fewer;
  /// Keyed by the flag that cuts the work short.
  std::map<std::shared_ptr<std::atomic<bool>>, piece> registered;
  std::optional<std::chrono::steady_clock::time_point> deadline;

  bool has(background at_least) const {
    return std::ranges::any_of(registered,
                               [&](const auto& each) { return each.second.value >= at_least; });
  }
};

/// The instance is never destroyed, since work may outlive static objects. A forked child gets its
/// own instance, since the parent's threads do not exist in the child.
all_work& all() {
  static constinit detail::per_process<all_work> instances;
  return instances.get();
}

} // namespace

background_work::background_work(std::string name, background value)
  : cut_short_{std::make_shared<std::atomic<bool>>(false)} {
  const std::lock_guard lock{all().guard};
  all().registered.emplace(cut_short_, piece{std::move(name), value});
}

background_work::~background_work() {
  const std::lock_guard lock{all().guard};
  all().registered.erase(cut_short_);
  all().fewer.notify_all();
}

bool wait_for_background_work(saturating<std::chrono::nanoseconds> within, background at_least) {
  std::unique_lock lock{all().guard};
  return all().fewer.wait_for(lock, std::min<std::chrono::nanoseconds>(within, longest_wait),
                              [&] { return !all().has(at_least); });
}

std::vector<std::string> cut_background_work_short(background at_most) {
  std::vector<std::string> names;
  const std::lock_guard lock{all().guard};
  for (const auto& [flag, one] : all().registered) {
    if (one.value > at_most)
      continue;
    flag->store(true, std::memory_order_relaxed);
    if (one.value == background::owed)
      names.push_back(one.name);
  }
  return names;
}

std::vector<std::string> names_of_background_work() {
  std::vector<std::string> names;
  const std::lock_guard lock{all().guard};
  for (const auto& [flag, one] : all().registered)
    if (one.value == background::owed)
      names.push_back(one.name);
  return names;
}

void limit_background_work(std::chrono::steady_clock::time_point until) {
  const std::lock_guard lock{all().guard};
  all().deadline = std::max(all().deadline.value_or(until), until);
}

std::optional<std::chrono::steady_clock::time_point> deadline_of_background_work() {
  const std::lock_guard lock{all().guard};
  return all().deadline;
}

} // namespace ottla

#include <ottla/actors/background_work.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

namespace ottla {

namespace {

struct all_work {
  std::mutex guard;
  std::condition_variable fewer;
  /// The name by the flag that cuts the work short.
  std::map<std::shared_ptr<std::atomic<bool>>, std::string> registered;
};

/// Never destroyed: work may outlive static objects.
all_work& all() {
  static auto* const instance = new all_work;
  return *instance;
}

} // namespace

background_work::background_work(std::string name)
  : cut_short_{std::make_shared<std::atomic<bool>>(false)} {
  const std::lock_guard lock{all().guard};
  all().registered.emplace(cut_short_, std::move(name));
}

background_work::~background_work() {
  const std::lock_guard lock{all().guard};
  all().registered.erase(cut_short_);
  all().fewer.notify_all();
}

bool wait_for_background_work(saturating<std::chrono::nanoseconds> within) {
  std::unique_lock lock{all().guard};
  return all().fewer.wait_for(lock, std::min<std::chrono::nanoseconds>(within, longest_wait),
                              [] { return all().registered.empty(); });
}

std::vector<std::string> cut_background_work_short() {
  std::vector<std::string> names;
  const std::lock_guard lock{all().guard};
  for (const auto& [flag, name] : all().registered) {
    flag->store(true, std::memory_order_relaxed);
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> names_of_background_work() {
  std::vector<std::string> names;
  const std::lock_guard lock{all().guard};
  for (const auto& [flag, name] : all().registered)
    names.push_back(name);
  return names;
}

} // namespace ottla

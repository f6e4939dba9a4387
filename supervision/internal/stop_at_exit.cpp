#include <ottla/actors/caf_blocking.hpp>
#include <ottla/actors/internal/per_process.hpp>
#include <ottla/supervision/internal/stop_at_exit.hpp>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

namespace ottla::detail {

namespace {

struct stops {
  std::mutex guard;
  std::vector<std::pair<const stop_at_exit*, std::function<void()>>> all;
};

/// The registered stops. Never destroyed, since static objects may hold applications. A forked
/// child begins with an empty list.
stops& registered() {
  static constinit per_process<stops> instances;
  return instances.get();
}

void stop_all() {
  auto& of = registered();
  if (is_actor_thread())
    return;
  const std::lock_guard lock{of.guard};
  while (!of.all.empty()) {
    const auto stop = std::move(of.all.back().second);
    of.all.pop_back();
    stop();
  }
}

} // namespace

stop_at_exit::stop_at_exit(std::function<void()> stop) {
  auto& of = registered();
  const std::lock_guard lock{of.guard};
  std::atexit(stop_all);
  of.all.emplace_back(this, std::move(stop));
}

void stop_at_exit::register_again() {
  auto& of = registered();
  const std::lock_guard lock{of.guard};
  std::atexit(stop_all);
  // Moves this entry to the end of the list, where stop_all() begins.
  std::stable_partition(of.all.begin(), of.all.end(),
                        [this](const auto& each) { return each.first != this; });
}

stop_at_exit::~stop_at_exit() {
  auto& of = registered();
  const std::lock_guard lock{of.guard};
  std::erase_if(of.all, [this](const auto& each) { return each.first == this; });
}

} // namespace ottla::detail

#include "start_order.hpp"

#include <ottla/kafka/process_names.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace ottla::kafka::simulation {

namespace {

// The children of the rest_for_one supervisor of a group, in the order of their starts.
constexpr std::array group{coordinator_name, acknowledger_name, worker_supervisor_name,
                           group_manager_name};

std::span<const std::string_view> those_after(std::string_view id) {
  const auto* const found = std::ranges::find(group, id);
  return found == group.end() ? std::span<const std::string_view>{}
                              : std::span<const std::string_view>{found + 1, group.end()};
}

} // namespace

void start_order::heard(const process_event& event) {
  using kind = process_event::kind;
  const std::string_view path = event.path;
  const auto slash = path.rfind('/');
  const auto parent = path.substr(0, slash + 1);
  const auto id = path.substr(slash + 1);
  switch (event.what) {
    case kind::started:
      demand_none_after(event, parent, id);
      up_.insert(event.path);
      break;
    case kind::stopped:
      demand_none_after(event, parent, id);
      forget(event.path);
      break;
    case kind::ended:
    case kind::fenced: forget(event.path); break;
    default: break;
  }
}

void start_order::demand_none_after(const process_event& event, std::string_view parent,
                                    std::string_view id) {
  for (const auto& later : those_after(id)) {
    const auto path = std::string{parent}.append(later);
    checks_.demand(!up_.contains(path), "processes start and stop in order", "{} is up when {}",
                   path, to_string(event));
  }
}

void start_order::forget(const std::string& path) {
  // A killed supervisor reports nothing about its children.
  up_.erase(path);
  const auto below = path + '/';
  for (auto each = up_.lower_bound(below); each != up_.end() && each->starts_with(below);)
    each = up_.erase(each);
}

} // namespace ottla::kafka::simulation

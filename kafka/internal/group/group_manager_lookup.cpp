// The part of the group manager that answers find_worker.

#include <ottla/kafka/internal/group/group_manager.hpp>

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace ottla::kafka {

namespace {

constexpr std::chrono::minutes longest_search{1};

} // namespace

caf::result<worker_found> group_manager::answer_or_wait(const find_worker& request) {
  if (const auto known = worker_of(request.where))
    return *known;
  auto promise = make_response_promise();
  seekers_.emplace(request.where, seeker{promise, time()});
  return promise;
}

std::optional<worker_found> group_manager::worker_of(const topic_partition& where) const {
  if (!attached_)
    return std::nullopt;
  const auto found = slots_.find(name_of(where));
  if (found == slots_.end() || !found->second.wanted.contains(where))
    return worker_found{};
  return found->second.stage() == worker_stage::up
           ? std::optional{worker_found{found->second.worker}}
           : std::nullopt;
}

void group_manager::answer_seekers() {
  for (auto one = seekers_.begin(); one != seekers_.end();)
    if (const auto known = worker_of(one->first)) {
      one->second.promise.deliver(*known);
      one = seekers_.erase(one);
    } else {
      ++one;
    }
}

void group_manager::expire_seekers() {
  for (auto one = seekers_.begin(); one != seekers_.end();)
    if (time() - one->second.since >= longest_search) {
      one->second.promise.deliver(make_text_error(
        fmt::format("the worker of {} has not started for a minute", to_string(one->first))));
      one = seekers_.erase(one);
    } else {
      ++one;
    }
}

} // namespace ottla::kafka

#include <ottla/kafka/internal/driver/librdkafka/fetch_watch.hpp>

#include <algorithm>

namespace ottla::kafka {

void fetch_watch::sent(std::int32_t broker) {
  const std::scoped_lock guard{lock_};
  const fetcher now{.broker = broker, .thread = std::this_thread::get_id(), .waits = true};
  const auto known = std::ranges::find(fetchers_, broker, &fetcher::broker);
  if (known == fetchers_.end())
    fetchers_.push_back(now);
  else
    *known = now;
  sent_.notify_all();
}

void fetch_watch::answered(std::int32_t broker) {
  const std::scoped_lock guard{lock_};
  const auto known = std::ranges::find(fetchers_, broker, &fetcher::broker);
  if (known != fetchers_.end())
    known->waits = false;
}

std::vector<std::int32_t> fetch_watch::idle_brokers() const {
  const std::scoped_lock guard{lock_};
  std::vector<std::int32_t> found;
  for (const auto& each : fetchers_)
    if (!each.waits)
      found.push_back(each.broker);
  return found;
}

bool fetch_watch::one_is_idle() const {
  return std::ranges::any_of(fetchers_, [](const fetcher& each) { return !each.waits; });
}

bool fetch_watch::wait_for_requests(std::chrono::nanoseconds within) const {
  std::unique_lock guard{lock_};
  return sent_.wait_for(guard, within, [this] { return !one_is_idle(); });
}

std::thread::id fetch_watch::thread_of(std::int32_t broker) const {
  const std::scoped_lock guard{lock_};
  const auto known = std::ranges::find(fetchers_, broker, &fetcher::broker);
  return known == fetchers_.end() ? std::thread::id{} : known->thread;
}

} // namespace ottla::kafka

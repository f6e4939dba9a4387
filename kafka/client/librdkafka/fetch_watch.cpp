#include <ottla/kafka/client/librdkafka/fetch_watch.hpp>

#include <algorithm>

namespace ottla::kafka {

void fetch_watch::sent() {
  const auto me = std::this_thread::get_id();
  const std::scoped_lock guard{lock_};
  if (auto* known = find(me))
    known->waits = true;
  else
    fetchers_.push_back({.who = me, .waits = true});
}

void fetch_watch::answered() {
  const std::scoped_lock guard{lock_};
  if (auto* known = find(std::this_thread::get_id()))
    known->waits = false;
}

bool fetch_watch::may_nap(std::thread::id who) {
  const std::scoped_lock guard{lock_};
  const auto* known = find(who);
  return known != nullptr && !known->waits;
}

fetch_watch::fetcher* fetch_watch::find(std::thread::id who) noexcept {
  const auto found = std::ranges::find(fetchers_, who, &fetcher::who);
  return found == fetchers_.end() ? nullptr : &*found;
}

} // namespace ottla::kafka

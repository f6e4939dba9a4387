#include <ottla/supervision/internal/event_feed.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <algorithm>

namespace ottla {

void event_feed::add(const caf::actor& who) {
  if (who && std::ranges::find(listeners_, who.address()) == listeners_.end())
    listeners_.push_back(who.address());
}

void event_feed::remove(const caf::actor& who) {
  if (who)
    std::erase(listeners_, who.address());
}

void event_feed::publish(caf::event_based_actor* from, const process_event& event) {
  std::erase_if(listeners_, [&](const caf::actor_addr& address) {
    const auto listener = caf::actor_cast<caf::actor>(address);
    if (!is_alive(listener))
      return true;
    cast(from, listener, event);
    return false;
  });
}

} // namespace ottla

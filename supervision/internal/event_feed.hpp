#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/supervision/process_event.hpp>

#include <vector>

namespace ottla {

/// The subscribers of one supervisor's events. Holds weak references to them.
class event_feed {
public:
  void add(const caf::actor& who);
  void remove(const caf::actor& who);

  bool empty() const noexcept { return listeners_.empty(); }

  /// Sends the event to all living subscribers, and removes dead subscribers.
  void publish(caf::event_based_actor* from, const process_event& event);

private:
  std::vector<caf::actor_addr> listeners_;
};

} // namespace ottla

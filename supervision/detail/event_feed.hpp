#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/supervision/process_event.hpp>

#include <vector>

namespace ottla {

/// Those who have subscribed to one supervisor's events. It keeps nobody alive.
class event_feed {
public:
  void add(const caf::actor& who);
  void remove(const caf::actor& who);

  bool empty() const noexcept { return listeners_.empty(); }

  /// To all that live; the others are forgotten.
  void publish(caf::event_based_actor* from, const process_event& event);

private:
  std::vector<caf::actor_addr> listeners_;
};

} // namespace ottla

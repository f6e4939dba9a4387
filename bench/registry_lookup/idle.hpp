#pragma once

#include "registry_lookup/registry_messages.hpp"

namespace bench {

/// Holds a name, and does nothing else. It handles `nudge`, because an actor without a handler
/// ends.
struct idle : caf::event_based_actor {
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](nudge) {}};
  }
};

} // namespace bench

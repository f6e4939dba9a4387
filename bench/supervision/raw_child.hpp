#pragma once

#include "supervision/child_messages.hpp"

#include <cstddef>
#include <utility>

namespace bench {

/// ping_server, written as a plain CAF actor.
class raw_child : public caf::event_based_actor {
public:
  explicit raw_child(caf::actor_config& config) : caf::event_based_actor{config} {}

  raw_child(caf::actor_config& config, caf::actor load_driver, std::size_t slot)
    : caf::event_based_actor{config}, load_driver_{std::move(load_driver)}, slot_{slot} {}

  caf::behavior make_behavior() override {
    if (load_driver_)
      ottla::cast(this, load_driver_, here_i_am{slot_, caf::actor_cast<caf::actor>(this)});
    return {[](ping) { return pong{}; }};
  }

private:
  caf::actor load_driver_;
  std::size_t slot_ = 0;
};

} // namespace bench

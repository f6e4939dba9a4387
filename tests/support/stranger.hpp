#pragma once

#include <ottla/actors/caf.hpp>

#include <utility>

namespace ottla::test {

/// A plain CAF actor with the given handlers. It is not an ottla process and reports no start.
/// CAF's own function-based actors trip UBSan in CAF 0.17.
class stranger : public caf::event_based_actor {
public:
  explicit stranger(caf::actor_config& config) : stranger{config, caf::behavior{[](int) {}}} {}

  stranger(caf::actor_config& config, caf::behavior handlers)
    : caf::event_based_actor{config}, handlers_{std::move(handlers)} {}

  caf::behavior make_behavior() override { return std::move(handlers_); }

private:
  caf::behavior handlers_;
};

inline caf::actor spawn_stranger(caf::actor_system& system) {
  return caf::actor_cast<caf::actor>(system.spawn<stranger>());
}

inline caf::actor spawn_stranger(caf::actor_system& system, caf::behavior handlers) {
  return caf::actor_cast<caf::actor>(system.spawn<stranger>(std::move(handlers)));
}

} // namespace ottla::test

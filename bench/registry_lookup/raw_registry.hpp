#pragma once

#include "registry_lookup/registry_messages.hpp"

#include <string>
#include <unordered_map>

namespace bench {

/// The floor: an actor that keeps names in a map, monitors the holders and drops the names of a
/// dead holder at its DOWN. Each process may hold one name at most.
class raw_registry : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    ottla::on_down(this, [this](const caf::down_msg& down) {
      std::erase_if(names_, [&](const auto& entry) { return entry.second == down.source; });
    });
    return {
      [this](const raw_register& asked) {
        if (names_.emplace(asked.name, asked.holder).second)
          ottla::start_watching(this, asked.holder);
        return raw_registered{};
      },
      [this](const raw_unregister& asked) {
        if (const auto entry = names_.extract(asked.name))
          ottla::stop_watching(this, entry.mapped());
        return raw_unregistered{};
      },
    };
  }

private:
  std::unordered_map<std::string, caf::actor> names_;
};

} // namespace bench

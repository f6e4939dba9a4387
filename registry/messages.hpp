#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <string>

namespace ottla {

/// To the registry: this process holds a name now and is to be watched.
struct name_claimed {
  caf::actor holder = {};
  std::string name = {};
};

} // namespace ottla

OTTLA_MESSAGES_BEGIN(ottla_registry, ottla::registry_type_ids)
OTTLA_MESSAGE(ottla_registry, (ottla::name_claimed))
OTTLA_MESSAGES_END(ottla_registry)

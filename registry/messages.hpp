#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/registry/registered.hpp>

#include <string>

namespace ottla {

/// To a registry's listeners, in the order in which it happened to a name: a process got it.
struct name_registered {
  std::string registry = {};
  std::string name = {};
  caf::actor_addr holder = {};
  name_value value = {};
};

/// To a registry's listeners: a process gave a name back, or died.
struct name_unregistered {
  std::string registry = {};
  std::string name = {};
  caf::actor_addr holder = {};
};

} // namespace ottla

namespace ottla::detail {

/// To a registry: there is news in its table. One is on its way at a time.
struct look_at_the_table {};

} // namespace ottla::detail

OTTLA_MESSAGES_BEGIN(ottla_registry, ottla::registry_type_ids)
OTTLA_MESSAGE(ottla_registry, (ottla::name_registered))
OTTLA_MESSAGE(ottla_registry, (ottla::name_unregistered))
OTTLA_MESSAGE(ottla_registry, (ottla::detail::look_at_the_table))
OTTLA_MESSAGES_END(ottla_registry)

#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/registry/registered.hpp>

#include <string>

namespace ottla {

/// To a registry's listeners: a process got a name. Events arrive in the order of the changes.
struct name_registered {
  std::string registry = {};
  std::string name = {};
  caf::actor_addr holder = {};
  name_value value = {};
};

/// To a registry's listeners: a process released a name, or died.
struct name_unregistered {
  std::string registry = {};
  std::string name = {};
  caf::actor_addr holder = {};
};

} // namespace ottla

namespace ottla::detail {

/// To a registry: its table has unread changes. At most one table_changed is pending.
struct table_changed {};

} // namespace ottla::detail

OTTLA_MESSAGES_BEGIN(ottla_registry, ottla::registry_type_ids)
OTTLA_MESSAGE(ottla_registry, (ottla::name_registered))
OTTLA_MESSAGE(ottla_registry, (ottla::name_unregistered))
OTTLA_MESSAGE(ottla_registry, (ottla::detail::table_changed))
OTTLA_MESSAGES_END(ottla_registry)

#pragma once

#include <ottla/actors/caf.hpp>

#include <any>
#include <memory>
#include <string>

namespace ottla {

/// A value that a process attaches to a name that it holds, for others to read. Never modified,
/// only replaced; null if there is none.
using name_value = std::shared_ptr<const std::any>;

/// The value if it exists and has that type; else null.
template <class T>
const T* value_as(const name_value& value) {
  return value ? std::any_cast<T>(value.get()) : nullptr;
}

/// One row of a registry: a process under a name.
struct registered {
  std::string name = {};
  caf::actor holder = {};
  name_value value = {};
};

} // namespace ottla

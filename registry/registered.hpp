#pragma once

#include <ottla/actors/caf.hpp>

#include <any>
#include <memory>
#include <string>

namespace ottla {

/// What a process may leave with a name that it holds, for others to read. Never changed, only
/// replaced; null for none.
using name_value = std::shared_ptr<const std::any>;

/// The value where it is there and of that type, else null.
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

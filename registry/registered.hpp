#pragma once

#include <ottla/actors/caf.hpp>

#include <any>
#include <memory>
#include <string>

namespace ottla {

/// A value that a process attaches to its name and that any thread can read. Values are replaced
/// and never modified. Null if the name has no value.
using name_value = std::shared_ptr<const std::any>;

/// A pointer to the value if it exists and has type T; otherwise null.
template <class T>
const T* value_as(const name_value& value) {
  return value ? std::any_cast<T>(value.get()) : nullptr;
}

/// One row of a name_table: a process under a name.
struct registered {
  std::string name = {};
  caf::actor holder = {};
  name_value value = {};
};

} // namespace ottla

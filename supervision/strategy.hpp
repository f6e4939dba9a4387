#pragma once

#include <cstdint>

namespace ottla {

/// Which children a supervisor restarts together with a child. restart_policy says whether the end
/// of a child leads to a restart.
enum class strategy : std::uint8_t {
  /// Restarts only the child that ended.
  one_for_one,
  /// Restarts all children.
  one_for_all,
  /// Restarts the child that ended and all children that were started after it.
  rest_for_one,
};

} // namespace ottla

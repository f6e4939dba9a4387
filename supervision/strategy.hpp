#pragma once

#include <cstdint>

namespace ottla {

/// Which children a supervisor restarts when one of them fails.
enum class strategy : std::uint8_t {
  /// Restarts only the child that ended.
  one_for_one,
  /// Restarts all children.
  one_for_all,
  /// Restarts the child that ended and all children that were started after it.
  rest_for_one,
};

} // namespace ottla

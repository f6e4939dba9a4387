#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ottla {

enum class strategy : std::uint8_t {
  /// Restarts only the child that ended.
  one_for_one,
  /// Restarts all children.
  one_for_all,
  /// Restarts the child that ended and those started after it.
  rest_for_one,
};

/// What a supervisor does about one failed child. It first stops the children in `stop` one after
/// the other, then starts those in `start` one after the other.
struct restart_plan {
  std::vector<std::string> stop = {};
  std::vector<std::string> start = {};
};

/// `children` in start order; `failed` is one of them, and down already.
restart_plan plan_restart(strategy how, std::span<const std::string> children,
                          const std::string& failed);

} // namespace ottla

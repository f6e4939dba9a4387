#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ottla {

enum class strategy : std::uint8_t {
  /// Only the child that ended.
  one_for_one,
  /// All of them.
  one_for_all,
  /// It and those started after it.
  rest_for_one,
};

/// What a supervisor does about one failed child: stop these one after the other, then start those
/// one after the other.
struct restart_plan {
  std::vector<std::string> stop = {};
  std::vector<std::string> start = {};
};

/// `children` in start order; `failed` is one of them, and down already.
restart_plan plan_restart(strategy how, std::span<const std::string> children,
                          const std::string& failed);

} // namespace ottla

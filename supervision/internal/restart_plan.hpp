#pragma once

#include <ottla/supervision/strategy.hpp>

#include <span>
#include <string>
#include <vector>

namespace ottla {

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

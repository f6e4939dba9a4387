#pragma once

#include <ottla/supervision/strategy.hpp>

#include <span>
#include <string>
#include <vector>

namespace ottla {

/// How a supervisor restarts one failed child. The supervisor first stops the children in `stop`
/// one after the other, and then starts the children in `start` one after the other.
struct restart_plan {
  std::vector<std::string> stop = {};
  std::vector<std::string> start = {};
};

/// `children` are in start order. `failed` is one of them and already down.
restart_plan plan_restart(strategy how, std::span<const std::string> children,
                          const std::string& failed);

} // namespace ottla

#pragma once

#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_limit.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace ottla {

/// Elixir's DynamicSupervisor, OTP's simple_one_for_one: children are added and removed at run
/// time, have no order, start side by side, and stop all at once. Their ids need not be unique: the
/// supervisor identifies children by process. supervisor_requests.hpp lists the requests; requests
/// by id fail with simple_one_for_one.
struct dynamic_supervisor_spec {
  std::string id = {};
  restart_limit restarts = {};
  std::size_t max_children = std::numeric_limits<std::size_t>::max();
  /// The name for look-ups, as child_spec::name; empty if there is none.
  std::string name = {};

  operator child_spec() const;
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const dynamic_supervisor_spec& spec);

} // namespace ottla

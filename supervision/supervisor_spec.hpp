#pragma once

#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_limit.hpp>
#include <ottla/supervision/strategy.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ottla {

/// Whether a supervisor ends when any or all of its significant children have ended by themselves.
enum class auto_shutdown : std::uint8_t { never, any_significant, all_significant };

/// OTP's supervisor and its children, as data. Children start in the order given and stop in
/// reverse order. Each child starts after the init of the child before it. If the start of a
/// child fails, the earlier children stop in reverse order and the supervisor's start fails.
/// After more restarts than restart_limit allows, all children stop and the supervisor ends with
/// shutdown. Its own supervisor then decides about a restart. supervisor_requests.hpp lists the
/// requests.
///
/// Children start one at a time. While a start is pending, other starts wait, and so do requests to
/// start, restart or delete a child. Shutdowns, deaths, queries and terminate_child do not wait.
struct supervisor_spec {
  std::string id = {};
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  std::vector<child_spec> children = {};
  /// The supervisor's name for look-ups, as child_spec::name. Empty for no name.
  std::string name = {};

  /// The supervisor as a child of another supervisor.
  operator child_spec() const;
};

/// All faults of a spec, one line each. Empty if there are none.
std::vector<std::string> validate(const supervisor_spec& spec);

/// All faults of `child` as a new child of the supervisor `under`. Includes validate(child).
std::vector<std::string> validate(const child_spec& child, const supervisor_spec& under);

/// All faults of `child` as the spec of a running process that the supervisor `under` adopts.
std::vector<std::string> validate_adopted(const child_spec& child, const supervisor_spec& under);

} // namespace ottla

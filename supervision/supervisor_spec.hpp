#pragma once

#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_limit.hpp>
#include <ottla/supervision/strategy.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ottla {

/// Whether a supervisor ends itself when significant children have ended by themselves.
enum class auto_shutdown : std::uint8_t { never, any_significant, all_significant };

/// OTP's supervisor and its children, as data. Children start in the order given, each after the
/// init of the one before, and stop in reverse order. If a child fails to start, those started stop
/// in reverse order and the start fails. After more restarts than restart_limit allows, all
/// children stop, and the supervisor ends with shutdown: its own supervisor decides what follows.
/// supervisor_requests.hpp lists the requests.
///
/// Starts happen one at a time. While a start is pending, further starts wait, and so do requests
/// to start, restart or delete. Shutdowns, deaths, queries and terminate_child do not wait.
struct supervisor_spec {
  std::string id = {};
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  std::vector<child_spec> children = {};
  /// The name for look-ups, as child_spec::name; empty if there is none.
  std::string name = {};

  /// As a child of another supervisor.
  operator child_spec() const;
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const supervisor_spec& spec);

/// The same for a child that is to be added to `under`.
std::vector<std::string> validate(const child_spec& child, const supervisor_spec& under);

/// The same for a running process that is to be adopted.
std::vector<std::string> validate_adopted(const child_spec& child, const supervisor_spec& under);

} // namespace ottla

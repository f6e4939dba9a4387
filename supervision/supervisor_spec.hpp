#pragma once

#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_window.hpp>
#include <ottla/supervision/strategy.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ottla {

/// Whether a supervisor ends itself when significant children have ended by themselves.
enum class auto_shutdown : std::uint8_t { never, any_significant, all_significant };

/// A supervisor and what it keeps alive, as data. Children start in the order given, each after the
/// former's init, and stop in reverse.
struct supervisor_spec {
  std::string id = {};
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  std::vector<child_spec> children = {};
  /// As that of a child; empty: none.
  std::string name = {};

  /// As a child of another supervisor.
  operator child_spec() const;
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const supervisor_spec& spec);

/// The same for a child that is to be added under that one.
std::vector<std::string> validate(const child_spec& child, const supervisor_spec& under);

/// The same for one that runs already.
std::vector<std::string> validate_adopted(const child_spec& child, const supervisor_spec& under);

} // namespace ottla

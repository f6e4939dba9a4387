#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/supervision/child_spec.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace ottla {

enum class child_status : std::uint8_t { down, starting, up, ending, restarting };

std::string_view to_string(child_status status) noexcept;

/// One child in a dump of the supervision tree, and the children below it.
struct tree_node {
  std::string id = {};
  std::string path = {};
  child_type type = child_type::worker;
  child_status status = child_status::down;
  /// Number of restarts by its current supervisor.
  std::size_t restarts = 0;
  /// Null if the child has no process.
  caf::actor process = {};
  std::vector<tree_node> children = {};
};

/// The tree as text, one child a line.
std::string draw(const tree_node& root);

} // namespace ottla

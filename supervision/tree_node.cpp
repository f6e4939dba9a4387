#include <ottla/supervision/tree_node.hpp>

#include <fmt/format.h>

#include <iterator>

namespace ottla {

namespace {

void draw_below(const tree_node& parent, const std::string& indent, std::string& into) {
  for (const auto& child : parent.children) {
    const bool last = &child == &parent.children.back();
    fmt::format_to(std::back_inserter(into), "{}{} {}  {}", indent, last ? "└─" : "├─", child.id,
                   to_string(child.status));
    if (child.restarts != 0)
      fmt::format_to(std::back_inserter(into), ", {} restarts", child.restarts);
    into += '\n';
    draw_below(child, indent + (last ? "   " : "│  "), into);
  }
}

} // namespace

std::string_view to_string(child_status status) noexcept {
  switch (status) {
    case child_status::down: return "down";
    case child_status::starting: return "starting";
    case child_status::up: return "up";
    case child_status::ending: return "ending";
    case child_status::restarting: return "restarting";
  }
  return "unknown";
}

std::string draw(const tree_node& root) {
  auto result = fmt::format("{}  {}\n", root.id, to_string(root.status));
  draw_below(root, "", result);
  return result;
}

} // namespace ottla

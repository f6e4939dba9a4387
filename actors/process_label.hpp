#pragma once

#include <memory>
#include <string>

namespace ottla {

/// Id, name and path of a process. Immutable, and shared by everything that refers to the process.
struct process_label {
  /// The id among the siblings.
  std::string id = {};
  /// The name for look-ups; empty if there is none.
  std::string name = {};
  /// The path of the supervisor; null at the root.
  std::shared_ptr<const std::string> above = nullptr;

  /// The path from the root, for logs and trees: `shop/orders/producing/producer`.
  std::string path() const { return above ? *above + '/' + id : id; }
};

} // namespace ottla

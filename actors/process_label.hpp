#pragma once

#include <memory>
#include <string>

namespace ottla {

/// What a process is called. It never changes, and is shared by all who speak of the process.
struct process_label {
  /// Among its siblings.
  std::string id = {};
  /// In look-ups; empty: none.
  std::string name = {};
  /// The path of its supervisor; null at the root.
  std::shared_ptr<const std::string> above = nullptr;

  /// From the root down, for logs and trees: `shop/orders/client`.
  std::string path() const { return above ? *above + '/' + id : id; }
};

} // namespace ottla

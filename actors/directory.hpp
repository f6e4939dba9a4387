#pragma once

#include <ottla/actors/caf.hpp>

#include <memory>
#include <string_view>

namespace ottla {

/// Finds processes by name. The registry implements it; whoever starts or sends to processes knows
/// only this.
///
/// Thread safety: call from any thread.
class directory {
public:
  virtual ~directory() = default;

  /// The living process of that name; null where nobody living holds it.
  virtual caf::actor whereis(std::string_view name) const = 0;

  /// Gives the name to a process, unless a living one holds it: answers who holds it now. A dead
  /// holder is as good as none.
  virtual caf::actor claim(std::string_view name, const caf::actor& who) = 0;

  /// Takes the name back, where `who` holds it.
  virtual void release(std::string_view name, const caf::actor& who) = 0;

  /// Makes `names` answer for everything below `prefix/`, in place of what answered before. False
  /// where this directory has no room for others.
  virtual bool mount(std::string_view prefix, std::shared_ptr<directory> names) {
    static_cast<void>(prefix);
    static_cast<void>(names);
    return false;
  }
};

} // namespace ottla

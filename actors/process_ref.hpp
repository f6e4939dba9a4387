#pragma once

#include <ottla/actors/directory.hpp>

#include <memory>
#include <string>
#include <utility>

namespace ottla {

/// Refers to a process by handle or by name. A name is looked up at each use, and so resolves to
/// the replacement after a restart. A process_ref by name holds no handle. For frequent sends to
/// one name use a kept_ref.
///
///     ottla::process_ref{names, "lobby"}; // `names` is a shared directory
///     ottla::process_ref{handle};         // does not follow a restart
class process_ref {
public:
  process_ref() = default;
  process_ref(caf::actor handle) : handle_{std::move(handle)} {}
  process_ref(std::shared_ptr<const directory> names, std::string name)
    : names_{std::move(names)}, name_{std::move(name)} {}

  /// The living process; null if there is none.
  caf::actor resolve() const {
    if (names_)
      return names_->whereis(name_);
    return is_alive(handle_) ? handle_ : caf::actor{};
  }

  /// Same as directory::visit.
  bool visit(process_visitor use) const {
    if (names_)
      return names_->visit(name_, use);
    if (!is_alive(handle_))
      return false;
    use(handle_);
    return true;
  }

  /// The given handle, even if the process is dead. Null for a name.
  const caf::actor& handle() const noexcept { return handle_; }

  /// The given name. Empty for a handle.
  const std::string& name() const noexcept { return name_; }

  /// The directory in which the name is looked up. Null for a handle.
  const std::shared_ptr<const directory>& names() const noexcept { return names_; }

private:
  caf::actor handle_;
  std::shared_ptr<const directory> names_;
  std::string name_;
};

} // namespace ottla

#pragma once

#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/registration.hpp>

#include <memory>
#include <utility>

namespace ottla {

/// A process_ref for repeated sends to one name of a name_table. Caches the result of the look-up
/// until the process ends or releases the name. The next use then looks the name up again. Names of
/// other directories are looked up at each use.
///
/// A kept_ref by name holds no handle, so two processes may hold a kept_ref to each other. After
/// the end of the process only its raw memory stays allocated, until the next use of the kept_ref.
///
///     ottla::kept_ref anna{app.find("people/anna")}; // `people` is a name_table
///     ottla::post(anna, order{7});                   // looks the name up
///     ottla::post(anna, order{8});                   // uses the cached result
///
/// Thread safety: use from one thread or process at a time. Threads can share a process_ref.
class kept_ref {
public:
  kept_ref() = default;
  kept_ref(process_ref to) : target_{std::move(to)} {}

  /// Same as directory::visit.
  bool visit(process_visitor use) {
    if (kept_ && kept_->visit(use))
      return true;
    if (!target_.names())
      return target_.visit(use);
    kept_ = target_.names()->keep(target_.name());
    return kept_ ? kept_->visit(use) : target_.visit(use);
  }

  /// The living process that holds the name; null if there is none.
  caf::actor resolve() {
    caf::actor found;
    visit([&](const caf::actor& who) { found = who; });
    return found;
  }

  const process_ref& to() const noexcept { return target_; }

private:
  process_ref target_;
  std::shared_ptr<const registration> kept_;
};

} // namespace ottla

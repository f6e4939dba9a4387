#pragma once

#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/registration.hpp>

#include <memory>
#include <utility>

namespace ottla {

/// A process_ref for repeated sends to one name. Keeps the result of the look-up until the process
/// ends or gives the name up, and then looks the name up again. Keeps neither the process nor its
/// memory alive, so two processes may keep each other.
///
/// Thread safety: for one thread, or one process, at a time; a process_ref can be shared.
class kept_ref {
public:
  kept_ref() = default;
  kept_ref(process_ref to) : target_{std::move(to)} {}

  /// As directory::visit.
  bool visit(process_visitor use) {
    if (kept_ && kept_->visit(use))
      return true;
    if (!target_.names())
      return target_.visit(use);
    kept_ = target_.names()->keep(target_.name());
    return kept_ ? kept_->visit(use) : target_.visit(use);
  }

  /// The living process; null if there is none.
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

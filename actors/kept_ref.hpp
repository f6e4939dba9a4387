#pragma once

#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/registration.hpp>

#include <memory>
#include <utility>

namespace ottla {

/// A process_ref for whoever sends to one name again and again: what the name led to is kept, and
/// looked up anew only when that process has ended or given the name up. Neither it nor its memory
/// is held meanwhile, so two processes may keep each other.
///
/// Thread safety: for one thread, or one process, at a time; a process_ref can be shared.
class kept_ref {
public:
  kept_ref() = default;
  kept_ref(process_ref to) : to_{std::move(to)} {}

  /// As directory::visit.
  bool visit(process_visitor use) {
    if (kept_ && kept_->visit(use))
      return true;
    if (!to_.names())
      return to_.visit(use);
    kept_ = to_.names()->keep(to_.name());
    return kept_ ? kept_->visit(use) : to_.visit(use);
  }

  /// Null where nobody living is meant.
  caf::actor resolve() {
    caf::actor found;
    visit([&](const caf::actor& who) { found = who; });
    return found;
  }

  const process_ref& to() const noexcept { return to_; }

private:
  process_ref to_;
  std::shared_ptr<const registration> kept_;
};

} // namespace ottla

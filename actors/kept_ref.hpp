#pragma once

#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/registration.hpp>

#include <memory>
#include <utility>

namespace ottla {

/// A process_ref for repeated sends to one name. Caches the result of the look-up until the process
/// ends or releases the name. The next use then looks the name up again. A kept_ref keeps neither
/// the process nor its memory alive, so two processes may hold a kept_ref to each other.
///
///     ottla::kept_ref room{app.find("lobby")};
///     ottla::post(room, say{"hello"}); // looks the name up
///     ottla::post(room, say{"again"}); // uses the cached result
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

#pragma once

#include <ottla/actors/caf.hpp>

#include <concepts>
#include <memory>
#include <type_traits>

namespace ottla {

class process_visitor;

/// A function that is called with a living process.
template <class Use>
concept process_use
  = std::invocable<Use&, const caf::actor&> && !std::same_as<std::remove_cvref_t<Use>,
                                                             process_visitor>;

/// Refers to a function of a living process. Valid only during the call that it is passed to.
class process_visitor {
public:
  template <process_use Use>
  process_visitor(Use&& use) noexcept
    : use_{const_cast<void*>(static_cast<const void*>(std::addressof(use)))},
      call_{[](void* what, const caf::actor& who) {
        (*static_cast<std::remove_reference_t<Use>*>(what))(who);
      }} {}

  void operator()(const caf::actor& who) const { call_(use_, who); }

private:
  void* use_;
  void (*call_)(void*, const caf::actor&);
};

/// One process's hold of one name, for a sender to keep (see kept_ref). Keeps the process neither
/// alive nor in memory, and knows when the hold has ended.
///
/// Thread safety: call from any thread.
class registration {
public:
  virtual ~registration() = default;

  /// As directory::visit. False, for good, once the process has ended or given the name up.
  virtual bool visit(process_visitor use) const = 0;
};

} // namespace ottla

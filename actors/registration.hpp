#pragma once

#include <ottla/actors/caf.hpp>

#include <concepts>
#include <memory>
#include <type_traits>

namespace ottla {

class process_visitor;

/// A function that takes a living process.
template <class Use>
concept process_use
  = std::invocable<Use&, const caf::actor&> && !std::same_as<std::remove_cvref_t<Use>,
                                                             process_visitor>;

/// A reference to a function that takes a living process. Valid only during the call to which it is
/// passed.
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

/// The registration of one process under one name, which a sender keeps to avoid look-ups (see
/// kept_ref). A registration holds no handle, and detects when the process has ended or released
/// the name. The raw memory of an ended process stays allocated until the registration is
/// destroyed.
///
/// Thread safety: call from any thread.
class registration {
public:
  virtual ~registration() = default;

  /// Same as directory::visit. Always false after the process has ended or released the name.
  virtual bool visit(process_visitor use) const = 0;
};

} // namespace ottla

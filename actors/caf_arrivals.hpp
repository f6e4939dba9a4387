#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>

#include <utility>

namespace ottla {

/// Base of an actor that sees each message when it is sent, before the mailbox gets the message. A
/// running handler thus notices a request to end. Derive from sees_arrivals<Base> instead of Base.
template <class Base>
class sees_arrivals : public Base {
public:
  using Base::Base;
  using Base::enqueue;

#if OTTLA_CAF_1
  bool enqueue(caf::mailbox_element_ptr what, caf::scheduler* next_to) final {
    if (what)
      arrived(what->content());
    return Base::enqueue(std::move(what), next_to);
  }
#else
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* next_to) final {
    if (what)
      arrived(what->content());
    Base::enqueue(std::move(what), next_to);
  }
#endif

protected:
  /// Runs on the sender's thread. May run during a handler, and on several threads concurrently.
  virtual void arrived(const message_content& what) noexcept = 0;

  /// Whether the message ends this process: the supervisor's request, a kill, or an abnormal
  /// exit_msg of another actor. Does not recognize the exit of a linked process, which is a
  /// link_exit. Not valid for processes that trap exits.
  bool ends_this(const message_content& what) const noexcept {
    if (!what.template match_elements<caf::exit_msg>())
      return false;
    const auto& exit = what.template get_as<caf::exit_msg>(0);
    return exit.source == this->address() || to_exit_reason(exit.reason) != exit_reason::normal();
  }
};

} // namespace ottla

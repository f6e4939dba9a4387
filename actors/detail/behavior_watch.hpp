#pragma once

#include <ottla/actors/caf.hpp>

namespace ottla {

/// Observes the messages that an actor's handlers get, and the answers that the handlers return.
class behavior_watch {
public:
  virtual ~behavior_watch() = default;

  /// Runs before a handler. If this returns false, no handler gets the message.
  virtual bool comes(const message_content& what) = 0;
  virtual void answers(const caf::message& what) = 0;
  virtual void fails(const caf::error& why) = 0;
};

} // namespace ottla

#pragma once

#include <ottla/actors/caf.hpp>

namespace ottla {

/// Sees what comes to an actor's handlers, and what they answer by returning.
class behavior_watch {
public:
  virtual ~behavior_watch() = default;

  /// False: as if there were no handler for it.
  virtual bool comes(const message_content& what) = 0;
  virtual void answers(const caf::message& what) = 0;
  virtual void fails(const caf::error& why) = 0;
};

} // namespace ottla

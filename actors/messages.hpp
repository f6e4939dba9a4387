#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstdint>
#include <string>

namespace ottla {

/// What became of a start, told to the starter by the process itself. A process that dies before
/// it has told is a failed start.
struct process_started {
  enum class outcome : std::uint8_t {
    ok,
    /// It has nothing to do and ended normally.
    ignored,
    /// Its name is held by another process, `holder`.
    already_started,
    /// Its init threw or stopped; `text` says why.
    failed,
  };

  std::uint64_t start = 0;
  outcome result = outcome::ok;
  std::string text = {};
  caf::actor holder = {};
};

} // namespace ottla

OTTLA_MESSAGES_BEGIN(ottla_actors, ottla::actors_type_ids)
OTTLA_MESSAGE(ottla_actors, (ottla::process_started))
OTTLA_MESSAGES_END(ottla_actors)

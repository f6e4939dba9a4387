#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/type_ids.hpp>

#include <chrono>
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

  outcome result = outcome::ok;
  std::string text = {};
  caf::actor holder = {};
};

/// A process to its supervisor: it has proved that it works, see process::tell_healthy. Counts once
/// for each run of a process, while it is up, and only where child_spec::healthy asks for it. An
/// actor that is no ottla::process sends the message itself.
struct process_healthy {};

} // namespace ottla

namespace ottla::detail {

/// To a process that was adopted: its supervisor wants to know when it is healthy.
struct report_health {
  caf::actor to = {};
};

/// A server to itself: perhaps no message came for as long as it said.
struct idle_timeout {
  std::uint64_t timer = 0;
};

/// To the process that watches another one end, and is asked for one only.
struct stop_process {
  caf::actor whom = {};
  exit_reason why = {};
  std::chrono::nanoseconds within{};
};
struct stop_too_long {};

} // namespace ottla::detail

OTTLA_MESSAGES_BEGIN(ottla_actors, ottla::actors_type_ids)
OTTLA_MESSAGE(ottla_actors, (ottla::process_started))
OTTLA_MESSAGE(ottla_actors, (ottla::detail::idle_timeout))
OTTLA_MESSAGE(ottla_actors, (ottla::detail::stop_process))
OTTLA_MESSAGE(ottla_actors, (ottla::detail::stop_too_long))
OTTLA_MESSAGE(ottla_actors, (ottla::process_healthy))
OTTLA_MESSAGE(ottla_actors, (ottla::detail::report_health))
OTTLA_MESSAGES_END(ottla_actors)

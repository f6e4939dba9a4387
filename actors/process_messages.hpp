#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/type_ids.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace ottla {

/// The outcome of a start, sent by the process to its starter. A process that dies before it sends
/// this message has failed to start.
struct process_started {
  enum class outcome : std::uint8_t {
    ok,
    /// The process has nothing to do and ended normally.
    ignored,
    /// Another process, `holder`, holds the name.
    already_started,
    /// The init threw or stopped the process; `text` says why.
    failed,
  };

  outcome result = outcome::ok;
  std::string text = {};
  caf::actor holder = {};
};

/// From a process to its supervisor: the process is healthy, see process::report_healthy. The
/// supervisor accepts the message once per run, while the process is up, and only if
/// child_spec::healthy is `reported`. A child that is a plain CAF actor has no report_healthy(),
/// and sends this message itself.
struct process_healthy {};

} // namespace ottla

namespace ottla::detail {

/// Asks an adopted process to report its health to its supervisor, `to`.
struct report_health {
  caf::actor to = {};
};

/// From a server to itself: the timer of an idle timeout has fired.
struct idle_timeout {
  std::uint64_t timer = 0;
};

/// To the actor that stop() spawns: end `whom`, and answer after `whom` has ended. Sent only once.
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

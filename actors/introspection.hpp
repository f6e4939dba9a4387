#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ottla {

// Requests that every process answers, whatever its handlers (OTP's sys). Send them with `call`,
// from actors and from other threads, by handle or by name:
//
//     auto status = ottla::call<ottla::process_status>(system, feed, 1s, ottla::get_status{});
//
// The requests wait in the mailbox as other messages do. Counts and traces leave them out. A
// process that is not inspected pays nothing. If a process replaces its handlers with CAF's
// `become`, its traces, counts and suspension have no effect at first. They take effect again at
// the next request that starts or ends a trace, a count or a suspension.

/// Answered with a std::string, the result of process::state_text. Fails if state_text throws.
struct get_state {};

/// Answered with a process_status.
struct get_status {};

struct process_status {
  /// The path from the root of the supervision tree; empty outside of a tree.
  std::string path = {};
  /// The name in the process's directory; empty if there is none.
  std::string name = {};
  /// The result of process::state_text, or the text of its exception.
  std::string state = {};
  bool suspended = false;
  bool traps_exits = false;
  /// Number of active traces.
  std::size_t traces = 0;
  std::size_t mailbox_length = 0;
};

/// `shop/feed "feed": running, 2 messages wait, state: ...`
std::string to_string(const process_status& status);

/// Suspends the process. New messages wait, in order, until `resume`. Kills, exits that are not
/// trapped, introspection requests and answers to the process's own calls do not wait. A
/// supervisor's request to end resumes the process. Each introspection request to a suspended
/// process scans all waiting messages, so send few requests. Answered with an empty message.
struct suspend {};

/// Ends a suspension. Answered with an empty message.
struct resume {};

/// Starts or stops counting messages, and resets the counters to zero. Answered with an empty
/// message.
struct count_messages {
  bool on = true;
};

/// Answered with a process_statistics.
struct get_statistics {};

struct process_statistics {
  /// When counting started, by the actor's clock. nullopt if nothing is counted.
  std::optional<caf::actor_clock::time_point> since = std::nullopt;
  std::uint64_t messages_in = 0;
  /// Answers to calls, including failures.
  std::uint64_t answers_out = 0;
  /// Number of waiting messages, without the current message.
  std::size_t mailbox_length = 0;
};

/// One message that a traced process received, or one answer that it gave.
struct process_trace {
  enum class kind : std::uint8_t { message, call, answer };

  kind what = kind::message;
  caf::actor_addr process = {};
  /// Path of the traced process.
  std::string path = {};
  /// The sender of the message or the receiver of the answer; null outside the actor system.
  caf::actor_addr peer = {};
  /// The message as text, by its to_string or inspect. The type's name if CAF cannot print the
  /// type.
  std::string text = {};
  /// The time by the actor's clock.
  caf::actor_clock::time_point when = {};
};

/// `shop/feed got call get_price`
std::string to_string(const process_trace& event);

/// Identifies one trace of a process.
struct trace_ref {
  std::uint64_t number = 0;

  bool operator==(const trace_ref&) const = default;
};

/// Sends `whom` a process_trace for each message and each answer, until `whom` ends. Answered with
/// a trace_ref.
struct trace_to {
  caf::actor whom = {};
};

/// Calls `report` for each message and each answer, on the thread of the traced process, until
/// `report` throws. Answered with a trace_ref.
struct trace_with {
  std::function<void(const process_trace&)> report = {};
};

/// Ends one trace. Answered with an empty message.
struct stop_trace {
  trace_ref which = {};
};

/// Whether the message is one of the requests above.
bool is_introspection(const message_content& what);

} // namespace ottla

namespace ottla::detail {

/// From a process to itself: a DOWN that arrived while the process was suspended.
struct late_down {
  caf::actor_addr source = {};
  caf::error reason = {};
};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_introspection, ottla::actors_type_ids + 30, ottla::get_state,
               ottla::get_status, ottla::process_status, ottla::suspend, ottla::resume,
               ottla::count_messages, ottla::get_statistics, ottla::process_statistics,
               ottla::process_trace, ottla::trace_ref, ottla::trace_to, ottla::trace_with,
               ottla::stop_trace, ottla::detail::late_down)

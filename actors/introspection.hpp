#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ottla {

// OTP's sys: requests that every process understands, whatever its handlers. Send them with `call`,
// from actors and from plain threads, by handle or by name:
//
//     auto status = ottla::call<ottla::process_status>(system, feed, 1s, ottla::get_status{});
//
// The requests wait their turn in the mailbox, and are not counted or traced as messages. A process
// that nobody inspects pays nothing for them. A process that replaces its handlers by CAF's
// `become` is not traced, counted or suspended until the next request.

/// Answered with a std::string: process::state_text, or the error that it threw.
struct get_state {};

/// Answered with a process_status.
struct get_status {};

struct process_status {
  /// From the root down; empty outside of a supervision tree.
  std::string path = {};
  /// The name in the process's directory; empty if there is none.
  std::string name = {};
  /// process::state_text, or the text of its exception.
  std::string state = {};
  bool suspended = false;
  bool traps_exits = false;
  /// Number of active traces.
  std::size_t traces = 0;
  std::size_t mailbox_length = 0;
};

/// `shop/feed "feed": running, 2 messages wait, state: ...`
std::string to_string(const process_status& status);

/// Answered with nothing, once the process handles no more messages: new ones wait, in order, for
/// `resume`. Kills, exits that are not trapped, these requests and the answers of the process's own
/// calls do not wait. A supervisor's request to end resumes the process. Each of these requests
/// scans all waiting messages: send few while many wait.
struct suspend {};

/// Answered with nothing.
struct resume {};

/// Starts or stops counting messages. Answered with nothing. The counters start at zero again.
struct count_messages {
  bool on = true;
};

/// Answered with a process_statistics.
struct get_statistics {};

struct process_statistics {
  /// Start of the counting by the actor's clock; nullopt while nothing is counted.
  std::optional<caf::actor_clock::time_point> since = std::nullopt;
  std::uint64_t messages_in = 0;
  /// Answers of calls, failures included.
  std::uint64_t answers_out = 0;
  /// Without the current message.
  std::size_t mailbox_length = 0;
};

/// One message that a traced process received, or one answer that it gave.
struct process_trace {
  enum class kind : std::uint8_t { message, call, answer };

  kind what = kind::message;
  caf::actor_addr process = {};
  /// Path of the traced process.
  std::string path = {};
  /// The sender, or the receiver of the answer; null for a plain thread.
  caf::actor_addr peer = {};
  /// The message if CAF can print its type, by to_string or inspect; else the type's name.
  std::string text = {};
  /// By the actor's clock.
  caf::actor_clock::time_point when = {};
};

/// `shop/feed got call get_price`
std::string to_string(const process_trace& event);

/// Identifies one trace of a process.
struct trace_ref {
  std::uint64_t number = 0;

  bool operator==(const trace_ref&) const = default;
};

/// Sends a process_trace for each message to `whom`, until `whom` ends. Answered with a trace_ref.
struct trace_to {
  caf::actor whom = {};
};

/// Calls `tell` for each message, on the thread of the traced process, until `tell` throws.
/// Answered with a trace_ref.
struct trace_with {
  std::function<void(const process_trace&)> report = {};
};

/// Answered with nothing.
struct stop_trace {
  trace_ref which = {};
};

/// Whether the message is one of the requests above.
bool is_introspection(const message_content& what);

} // namespace ottla

namespace ottla::detail {

/// From a process to itself: a DOWN that came while the process was suspended.
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

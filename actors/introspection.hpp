#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ottla {

// OTP's sys: what every process understands, whatever its handlers. To be asked with `call`, from
// actors and from plain threads, by handle or by name:
//
//     auto status = ottla::call<ottla::process_status>(system, feed, 1s, ottla::get_status{});
//
// They wait their turn in the mailbox, and none of them counts, or is traced, as a message. A
// process that nobody looks at pays nothing for them. (One that replaces its handlers by CAF's
// `become` is not traced, counted or suspended until it is asked again.)

/// Answered with a std::string: process::state_text, or the error that it threw.
struct get_state {};

/// Answered with a process_status.
struct get_status {};

struct process_status {
  /// From the root down; empty outside of a supervision tree.
  std::string path = {};
  /// In its directory; empty for none.
  std::string name = {};
  /// process::state_text, or what it threw.
  std::string state = {};
  bool suspended = false;
  bool traps_exits = false;
  /// How many look at its messages.
  std::size_t traces = 0;
  std::size_t mailbox_length = 0;
};

/// `shop/feed "feed": running, 2 messages wait, state: ...`
std::string to_string(const process_status& status);

/// Answered with nothing, once no message is handled any more: those that come wait, in order, for
/// `resume`. Kills, exits that are not trapped, a supervisor's request to end (which resumes it)
/// and these messages do not wait, nor do the answers of calls that the process made itself. Each
/// of these messages goes over all that wait: do not ask often where many do.
struct suspend {};

/// Answered with nothing.
struct resume {};

/// Counts messages from now on, or no longer. Answered with nothing. Counting starts at zero again.
struct count_messages {
  bool on = true;
};

/// Answered with a process_statistics.
struct get_statistics {};

struct process_statistics {
  /// By the actor's clock; none while nothing is counted.
  std::optional<caf::actor_clock::time_point> since = std::nullopt;
  std::uint64_t messages_in = 0;
  /// Answers of calls, failed ones too.
  std::uint64_t answers_out = 0;
  /// Without the message in hand.
  std::size_t mailbox_length = 0;
};

/// One message that a traced process got, or answered.
struct process_trace {
  enum class kind : std::uint8_t { message, call, answer };

  kind what = kind::message;
  caf::actor_addr process = {};
  /// The traced process's.
  std::string path = {};
  /// Who sent it, or is answered; null where a plain thread sent it.
  caf::actor_addr peer = {};
  /// The message, where CAF can print its type (by to_string or inspect), else the type's name.
  std::string text = {};
  /// By the actor's clock.
  caf::actor_clock::time_point when = {};
};

/// `shop/feed got call get_price`
std::string to_string(const process_trace& event);

/// One trace, among those of a process.
struct trace_ref {
  std::uint64_t number = 0;

  bool operator==(const trace_ref&) const = default;
};

/// Sends a process_trace for each message to that actor, until it ends. Answered with a trace_ref.
struct trace_to {
  caf::actor whom = {};
};

/// Calls the function for each message, on the thread of the traced process, until it throws.
/// Answered with a trace_ref.
struct trace_with {
  std::function<void(const process_trace&)> tell = {};
};

/// Answered with nothing.
struct stop_trace {
  trace_ref which = {};
};

/// One of the requests above.
bool is_introspection(const message_content& what);

} // namespace ottla

namespace ottla::detail {

/// To itself: a DOWN that came while the process was suspended.
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

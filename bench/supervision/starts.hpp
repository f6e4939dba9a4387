#pragma once

#include <ottla/actors/caf.hpp>

#include "support/otp_peer.hpp"

#include <cstddef>
#include <string_view>

namespace bench {

/// How a supervisor is ended.
enum class ending { shutdown, kill };

/// A dynamic supervisor gets children by call, is weighed, and ended with them.
struct start_run {
  /// A tenth as many are started before, and do not count.
  std::size_t children = 0;
  /// Calls at a time.
  std::size_t outstanding = 1;
  /// A kill where the time of a shutdown is not asked for: some take a minute.
  ending end = ending::kill;
  ottla::scheduling policy = ottla::scheduling::handoff;
  /// Fills in the bytes; not where time is asked for, as mallinfo tidies the heap up.
  bool weigh = false;
};

struct start_figures {
  /// Of a child, from call to call.
  double start_us = 0;
  /// What a child, and the supervisor's notes on it, add to the process and to its heap.
  double resident_bytes = 0;
  double heap_bytes = 0;
  /// From the request until the supervisor is gone.
  double end_ms = 0;
};

start_figures start_ours(const start_run& how);
start_figures start_raw(const start_run& how);

/// `kind` is `supervisor` (simple_one_for_one) or `dynamic` (Elixir's). Both byte figures are
/// Erlang's own.
start_figures start_otp(otp_peer& otp, std::string_view kind, const start_run& how);

/// So many children with names in one ottla::supervisor, all in its spec; only the bytes are given.
start_figures start_named(std::size_t children);

} // namespace bench

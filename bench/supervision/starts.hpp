#pragma once

#include <ottla/actors/caf.hpp>

#include "support/otp_peer.hpp"

#include <cstddef>
#include <string_view>

namespace bench {

/// How the benchmark ends a supervisor.
enum class ending { shutdown, kill };

/// A load driver starts children by calls to a dynamic supervisor, measures memory, and ends them
/// all.
struct start_run {
  /// Measured children. A tenth as many start first as an uncounted warm-up.
  std::size_t children = 0;
  /// Calls in flight.
  std::size_t outstanding = 1;
  /// Use kill if the shutdown is not measured: some shutdowns take a minute.
  ending end = ending::kill;
  ottla::scheduling policy = ottla::scheduling::handoff;
  /// Measures the bytes. Leave it off when measuring time: mallinfo consolidates the heap.
  bool weigh = false;
};

struct start_figures {
  /// Time per child: the time of all calls, divided by the children.
  double start_us = 0;
  /// Bytes per child in the resident set and on the heap, including the supervisor's records.
  double resident_bytes = 0;
  double heap_bytes = 0;
  /// Time from the request until the supervisor has ended.
  double end_ms = 0;
};

start_figures start_ours(const start_run& how);
start_figures start_raw(const start_run& how);

/// `kind` is `supervisor` (simple_one_for_one) or `dynamic` (Elixir's). Both byte figures are the
/// value that Erlang reports.
start_figures start_otp(otp_peer& otp, std::string_view kind, const start_run& how);

/// Starts named children from the spec of one ottla::supervisor. Measures only the bytes.
start_figures start_named(std::size_t children);

} // namespace bench

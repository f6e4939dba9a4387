#pragma once

#include "random_source.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ottla::kafka::simulation {

/// Parameters of one simulated life: sizes, and how often each fault happens. draw_conditions draws
/// the parameters from the seed. A life has about four of ten kinds of faults on average, so that
/// each kind also occurs without most other kinds. Chances are per mille. A `rate` is the average
/// number of milliseconds between two events, and 0 means never.
struct conditions {
  std::size_t members = 2;
  std::size_t topics = 1;
  std::int32_t partitions = 4; ///< of each topic at its creation
  bool cooperative = false;
  /// Each member reads all partitions by consumers without a group.
  bool without_group = false;
  bool stores_offsets = false;     ///< without a group: the program stores acknowledged offsets
  bool begins_by_function = false; ///< without a group: the program says where partitions begin
  bool handler_processes = false;
  bool message_handlers = false; ///< never together with handler_processes
  bool few_restarts = false;
  bool shared_workers = false; ///< one worker for each partition number of all topics
  std::size_t batch_size = 5;
  std::size_t max_unacknowledged = 30;
  std::chrono::milliseconds commit_interval{100};
  std::chrono::milliseconds drain_within{400};
  std::chrono::milliseconds handle_within{300'000};
  std::chrono::milliseconds rebalance_delay{0};
  std::chrono::milliseconds session_timeout{900};
  std::chrono::milliseconds max_poll_interval{2'500};
  std::chrono::milliseconds chaos{4'000};

  // The broker.
  int latency_ms = 3; ///< longest latency of a request
  int append_rate = 40;
  int outage_rate = 0;
  int cut_off_rate = 0; ///< one member cannot reach the broker
  int retention_rate = 0;
  int compaction_rate = 0;
  int truncation_rate = 0;
  int growth_rate = 0; ///< a topic gets another partition
  int gaps = 0;
  int markers = 0;              ///< offsets without records after the appended records
  int transaction_rate = 0;     ///< transactions that stay open for a while
  bool foreign_commits = false; ///< first commits are inside an open transaction
  bool begins_latest = false;
  int small_fetches = 0;
  int lost_wakes = 0;
  int late_wakes = 0;
  int spurious_wakes = 0;
  int failed_fetches = 0;
  int failed_commits = 0;
  int lost_commit_answers = 0;
  int slow_commits = 0;
  int refused_commits = 0; ///< rejected during a rebalance
  int failed_resolves = 0;
  int refused_opens = 0;
  int client_error_rate = 0;
  int doomed_handles = 0; ///< handles that fail permanently soon after they were opened
  int fence_rate = 0;     ///< another member with the same instance id fences a static member
  int move_rate = 0;      ///< the group's coordinator moves to another address
  int slow_closes = 0;
  int hanging_closes = 0;
  int silent_departures = 0;
  int withdrawn_offers = 0;
  /// Chance that an idle partition's next fetch is refused once, after all messages are handled.
  int idle_refusals = 0;
  int scattered_assignments = 0; ///< partitions are dealt at random instead of by range

  // Handlers.
  int acks_until = 0; ///< acknowledgements up to an offset in or near the batch
  int carry_ons = 0;
  int no_acks = 0;
  int laters = 0;    ///< deferred acknowledgements
  int forgotten = 0; ///< deferred acknowledgements that are never given
  int throws = 0;
  int failed_starts = 0;
  int refused_assignments = 0; ///< rejected by the program's hook
  int slow_answers = 0;        ///< of handler processes
  std::chrono::milliseconds slowest_answer{400};
  int slow_handlers = 0; ///< chance per message, or per batch for batch handlers
  std::chrono::milliseconds slowest_handler{0};
  int lost_answers = 0;
  int hanging_ends = 0; ///< destructors of handlers that hang for seconds after handle_within

  // The tree.
  int kill_rate = 0;
  int worker_kill_rate = 0;
  int stall_rate = 0;
  int hang_rate = 0; ///< workers that stall for long
  int stop_rate = 0;
  int abort_rate = 0; ///< abort_group: the member is out until its connection restarts
  /// A process that calls hooks hangs for a while, after all messages are handled.
  bool silence = false;
  int brief_visits = 0; ///< starts that are soon followed by a stop
  int produce_rate = 0;
  int call_rate = 0;    ///< calls of actors to a kafka::producer
  int lost_reports = 0; ///< chance that the report of a stored batch is delayed once more
  bool small_buffer = false;
  /// The application stops while faults still happen.
  bool sudden_stop = false;
  std::chrono::milliseconds stop_within{5'000};
  bool odd_order = false; ///< ready actors take turns at random

  /// True if members open another handle only because the previous handle ended.
  bool only_handles_fail() const noexcept {
    return kill_rate == 0 && stop_rate == 0 && refused_assignments == 0 && refused_opens == 0
           && abort_rate == 0;
  }
  /// True if only handlers delay the replacement of a hung worker.
  bool replaces_at_once() const noexcept {
    return kill_rate == 0 && stall_rate == 0 && hang_rate == 0 && stop_rate == 0 && abort_rate == 0
           && client_error_rate == 0 && refused_assignments == 0;
  }
};

conditions draw_conditions(random_source& random);

/// True if no fault delays the tree: no fault kills, stalls or stops its processes, hooks reject no
/// assignment, `client_error_rate` is 0, and handlers have no short deadline.
bool is_prompt(const conditions& how);

/// Whether a worker may be busy for longer than a supervisor waits after a kill.
bool may_hang(const conditions& how);

/// All durations, and all other parameters that are not 0. For example
/// `members=2 partitions=4 kill_rate=300`.
std::string to_string(const conditions& how);

} // namespace ottla::kafka::simulation

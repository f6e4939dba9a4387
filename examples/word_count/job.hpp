#pragma once

#include <ottla/supervision/process_event.hpp>

#include "count_store.hpp"
#include "options.hpp"
#include "text_source.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

/// The state of one run, shared by main and the processes of the tree. Outlives all restarts.
///
/// Thread safety: call from any thread.
class job {
public:
  job(options how, std::string run, text_size size);

  const options how;
  const text_size size;
  const std::shared_ptr<count_store> store;

  /// Lines that the cluster has confirmed, and lines that the feeder has read to send them.
  std::atomic<std::uint64_t> produced = 0;
  std::atomic<std::uint64_t> sent = 0;
  std::atomic<std::uint64_t> kills = 0;
  std::atomic<bool> totals_produced = false;
  std::atomic<bool> given_up = false;
  /// True if the tree was shown, or --tree is not set. The job ends only if this is true, since a
  /// tree that is stopping is not worth showing.
  std::atomic<bool> tree_shown = !how.tree;

  /// Number of lines that may be sent before the next kill. Spreads the kills over the run.
  std::uint64_t sendable() const;
  /// The line at which kill number `index`, from 1 on, is due.
  std::uint64_t kill_point(std::uint64_t index) const;

  /// Counts restarts. Call it from application_spec::observer.
  void see(const ottla::process_event& event);
  std::uint64_t restarts() const;
  std::uint64_t worker_restarts() const;

  /// The longest time in which no line was counted although lines were in flight.
  std::chrono::milliseconds longest_gap() const;
  /// Updates longest_gap() and standstill(). Call it after lines were sent or counted.
  void moved();
  /// How long lines have been in flight while no line was counted.
  std::chrono::milliseconds standstill() const;

  /// Records why the input can no longer be read as measured.
  void fail_input(std::string why);
  /// The reason given to fail_input(); empty if there is none.
  std::string input_failure() const;

  std::chrono::milliseconds elapsed() const;

private:
  mutable std::mutex guard_;
  std::set<std::string> seen_paths_;
  std::string input_failure_;
  std::uint64_t restarts_ = 0;
  std::uint64_t worker_restarts_ = 0;
  std::uint64_t consumed_before_ = 0;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point last_move_;
  std::chrono::milliseconds longest_gap_{0};
};

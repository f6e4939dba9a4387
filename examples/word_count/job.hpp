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

/// How one run stands: shared by the processes of the tree and main, outlives all restarts.
///
/// Thread safety: call from any thread.
class job {
public:
  job(options how, std::string run, text_size size);

  const options how;
  const text_size size;
  const std::shared_ptr<count_store> store;

  /// How many lines the cluster has confirmed, and how many were handed to the producer.
  std::atomic<std::uint64_t> produced = 0;
  std::atomic<std::uint64_t> sent = 0;
  std::atomic<std::uint64_t> kills = 0;
  std::atomic<bool> totals_produced = false;
  std::atomic<bool> given_up = false;
  /// It is, or nobody asked for it. The job is not done before: a tree that ends is none to show.
  std::atomic<bool> tree_shown = !how.tree;

  /// So many lines may be sent before the next kill: kills are spread over the run.
  std::uint64_t sendable() const;
  /// The line at which kill number `index`, from 1 on, is due.
  std::uint64_t kill_point(std::uint64_t index) const;

  /// Counts restarts; for application_spec::observer.
  void see(const ottla::process_event& event);
  std::uint64_t restarts() const;
  std::uint64_t worker_restarts() const;

  /// The longest time without a line counted while some were on their way.
  std::chrono::milliseconds longest_gap() const;
  /// Lines were sent, or counted.
  void moved();
  /// Since when lines are on their way and none was counted.
  std::chrono::milliseconds standstill() const;

  /// The input cannot be read as it was measured; empty: it can.
  void fail_input(std::string why);
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

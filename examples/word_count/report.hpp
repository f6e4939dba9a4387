#pragma once

#include "word_counter.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// The results of a run.
struct report {
  word_counts words;
  std::uint64_t produced = 0;
  std::uint64_t consumed = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t redelivered = 0;
  std::uint64_t kills = 0;
  std::uint64_t seed = 0;
  std::uint64_t restarts = 0;
  std::uint64_t worker_restarts = 0;
  std::uint64_t rebalances = 0;
  std::chrono::milliseconds longest_gap{0};
  std::chrono::milliseconds elapsed{0};
  /// All lines were counted and the totals produced.
  bool complete = false;
  /// The feeder gave up: lines were in flight, and none was counted for too long.
  bool given_up = false;

  /// Lines that Kafka confirmed and no handler has seen. They may still be delivered.
  std::uint64_t outstanding() const noexcept {
    return produced > consumed ? produced - consumed : 0;
  }
  std::uint64_t lost() const noexcept { return complete || given_up ? outstanding() : 0; }
};

/// The report as text: the `top` most frequent words, then the figures.
std::string to_text(const report& what, std::size_t top);

nlohmann::json to_json(const report& what);

/// Whether both paths lead to the same file, directly or through links.
bool is_same_file(const std::string& path, const std::string& other);

/// Whether write_report is likely to succeed. Changes no file.
bool can_be_written(const std::string& path);

/// Writes JSON, completely or not at all. An existing file is replaced; a device or pipe is written
/// to directly. False if writing failed.
bool write_report(const std::string& path, const report& what);

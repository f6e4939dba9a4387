#pragma once

#include "word_counter.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// What a run came to.
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
  /// All lines were produced, and some did not come however long one waited.
  bool given_up = false;

  /// Confirmed by Kafka and not seen by a handler, which is no loss while they may still come.
  std::uint64_t outstanding() const noexcept {
    return produced > consumed ? produced - consumed : 0;
  }
  std::uint64_t lost() const noexcept { return complete || given_up ? outstanding() : 0; }
};

/// For people: the `top` words, then the figures.
std::string to_text(const report& what, std::size_t top);

nlohmann::json to_json(const report& what);

/// Whether both lead to the same file, links included.
bool is_same_file(const std::string& path, const std::string& other);

/// Whether write_report may be expected to succeed. Touches nothing.
bool can_be_written(const std::string& path);

/// As JSON, whole or not at all: a file that is there is replaced, a device or pipe written to.
/// False: it failed.
bool write_report(const std::string& path, const report& what);

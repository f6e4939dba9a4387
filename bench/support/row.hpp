#pragma once

#include "support/paired_ratio.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bench {

/// The floor's name in bars and tables.
inline constexpr const char* the_floor = "floor";

/// A limit for a figure.
struct bar {
  enum class side { at_most, at_least };

  side which = side::at_most;
  double limit = 0;
  /// If this names the floor or a peer, the limit applies to the median of the paired ratios. If
  /// empty, the limit applies to the figure itself.
  std::string times = {};
};

inline bar at_most(double limit, std::string times) {
  return {bar::side::at_most, limit, std::move(times)};
}
inline bar at_least(double limit, std::string times) {
  return {bar::side::at_least, limit, std::move(times)};
}

/// One line in the table of a benchmark.
struct row {
  std::string question;
  std::string unit;
  /// `ours`, `floor` and `peers` are medians.
  double ours = 0;
  std::optional<double> floor = std::nullopt;
  std::map<std::string, double> peers = {};
  /// The paired ratios of ours to the floor and to each peer.
  std::map<std::string, estimate> spread = {};
  std::vector<bar> bars = {};
};

/// Whether all bars are met; nullopt without bars. A bar that names an unknown peer is missed.
std::optional<bool> met(const row& one);

/// Prints the bar, as in `at most 1.15 x floor`.
std::string to_string(const bar& one);

/// {question, unit, ours, floor, peers, spread, bar, met}; a missing value is null.
nlohmann::json to_json(const row& one);

/// A Markdown table with aligned columns.
std::string to_table(std::span<const row> rows);

} // namespace bench

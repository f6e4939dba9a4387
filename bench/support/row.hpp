#pragma once

#include "support/paired_ratio.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bench {

/// The name of the floor among those that ours is compared with.
inline constexpr const char* the_floor = "floor";

/// What a figure has to keep to.
struct bar {
  enum class side { at_most, at_least };

  side which = side::at_most;
  double limit = 0;
  /// The floor or a peer: the median of the paired ratios is held against the limit. Empty: the
  /// figure itself is.
  std::string times = {};
};

inline bar at_most(double limit, std::string times) {
  return {bar::side::at_most, limit, std::move(times)};
}
inline bar at_least(double limit, std::string times) {
  return {bar::side::at_least, limit, std::move(times)};
}

/// One line of a bench's answer.
struct row {
  std::string question;
  std::string unit;
  /// Medians.
  double ours = 0;
  std::optional<double> floor = std::nullopt;
  std::map<std::string, double> peers = {};
  /// Ours over the floor and over each peer: the paired ratios.
  std::map<std::string, estimate> spread = {};
  std::vector<bar> bars = {};
};

/// All bars are kept to; nothing where there is none. A bar that names nobody in the row is missed.
std::optional<bool> met(const row& one);

/// `at most 1.15 x floor`
std::string to_string(const bar& one);

/// {question, unit, ours, floor, peers, spread, bar, met}; null stands for what there is not.
nlohmann::json to_json(const row& one);

/// As a table in Markdown, the columns aligned.
std::string to_table(std::span<const row> rows);

} // namespace bench

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

struct options {
  std::vector<std::string> files;
  std::size_t kills = 0;
  std::optional<std::uint32_t> seed;
  /// Empty: the embedded cluster.
  std::string brokers;
  /// Where the report goes as JSON; empty: nowhere.
  std::string report;
  bool tree = false;
  std::size_t top = 10;
};

/// What the command line asks for, or the exit status where nothing is left to be done: 0 after
/// --help, 2 after an error, which is told on stderr in one line.
std::variant<options, int> parse_options(int argc, char** argv);

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
  /// If empty, the program uses an embedded cluster.
  std::string brokers;
  /// The file for the report in JSON. If empty, no report is written.
  std::string report;
  bool tree = false;
  std::size_t top = 10;
};

/// The options of the command line, or the exit status if the program must end: 0 after --help, 2
/// after an error. The error is printed on stderr in one line.
std::variant<options, int> parse_options(int argc, char** argv);

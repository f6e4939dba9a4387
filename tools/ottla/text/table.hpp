#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace command {

/// A text table with a line of titles. Each column is as wide as its widest cell, and two blanks
/// separate columns. Control characters of cells are escaped.
class table {
public:
  enum class side : std::uint8_t { left, right };
  struct column {
    std::string title = {};
    side aligned = side::left;
  };

  explicit table(std::vector<column> columns);

  /// Adds a row with as many cells as there are columns.
  void add(std::vector<std::string> cells);

  /// Ends with a line end. Only the titles if there are no rows.
  std::string text() const;

private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace command

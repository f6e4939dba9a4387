#include "text/table.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace command {

table::table(std::vector<column> columns) : columns_{std::move(columns)} {}

void table::add(std::vector<std::string> cells) {
  for (auto& each : cells)
    each = printable(each);
  rows_.push_back(std::move(cells));
}

std::string table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    widths.push_back(width_of(columns_[at].title));
    for (const auto& row : rows_)
      widths[at] = std::max(widths[at], width_of(row[at]));
  }
  std::string all;
  const auto add_row = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
      const std::string& cell = cell_of(at);
      const std::string fill(widths[at] - width_of(cell), ' ');
      line += at == 0 ? "" : "  ";
      line += columns_[at].aligned == side::right ? fill + cell : cell + fill;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + '\n';
  };
  add_row([&](std::size_t at) -> const std::string& { return columns_[at].title; });
  for (const auto& row : rows_)
    add_row([&](std::size_t at) -> const std::string& { return row[at]; });
  return all;
}

} // namespace command

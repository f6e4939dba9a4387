#include <ottla/configuration/internal/nearest.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace ottla::kafka {

namespace {

/// Number of letters that must be changed, deleted or inserted.
std::size_t edit_distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= one.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const auto changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::optional<std::string> nearest(std::string_view text,
                                   const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 200;
  text = text.substr(0, longest);
  auto least = text.size() / 3 + 1;
  const std::string* found = nullptr;
  for (const auto& each : candidates)
    if (const auto distance = edit_distance(text, each); distance < least) {
      least = distance;
      found = &each;
    }
  return found == nullptr ? std::nullopt : std::optional{*found};
}

} // namespace ottla::kafka

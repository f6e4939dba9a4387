#include "support/row.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace bench {

namespace {

using cells = std::array<std::string, 8>;

bool keeps_to(const bar& limit, const row& one) {
  auto figure = one.ours;
  if (!limit.times.empty()) {
    const auto ratio = one.spread.find(limit.times);
    if (ratio == one.spread.end())
      return false;
    figure = ratio->second.median;
  }
  return limit.which == bar::side::at_most ? figure <= limit.limit : figure >= limit.limit;
}

std::string bars_of(const row& one) {
  std::vector<std::string> texts;
  for (const auto& limit : one.bars)
    texts.push_back(to_string(limit));
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string peers_of(const row& one) {
  std::vector<std::string> texts;
  for (const auto& [name, figure] : one.peers)
    texts.push_back(fmt::format("{} {:.4g}", name, figure));
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string spread_of(const row& one) {
  std::vector<std::string> texts;
  for (const auto& [name, ratio] : one.spread)
    texts.push_back(
      fmt::format("{:.3f} x {} [{:.3f}, {:.3f}]", ratio.median, name, ratio.low, ratio.high));
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string met_of(const row& one) {
  const auto answer = met(one);
  return !answer ? "" : *answer ? "yes" : "NO";
}

cells cells_of(const row& one) {
  return {one.question,
          one.unit,
          fmt::format("{:.4g}", one.ours),
          one.floor ? fmt::format("{:.4g}", *one.floor) : "",
          peers_of(one),
          spread_of(one),
          bars_of(one),
          met_of(one)};
}

} // namespace

std::optional<bool> met(const row& one) {
  if (one.bars.empty())
    return std::nullopt;
  return std::ranges::all_of(one.bars, [&](const bar& limit) { return keeps_to(limit, one); });
}

std::string to_string(const bar& one) {
  const auto* side = one.which == bar::side::at_most ? "at most" : "at least";
  return one.times.empty() ? fmt::format("{} {:g}", side, one.limit)
                           : fmt::format("{} {:g} x {}", side, one.limit, one.times);
}

nlohmann::json to_json(const row& one) {
  auto spread = nlohmann::json::object();
  for (const auto& [name, ratio] : one.spread)
    spread[name] = {{"median", ratio.median}, {"low", ratio.low}, {"high", ratio.high}};
  nlohmann::json answer{{"question", one.question}, {"unit", one.unit},
                        {"ours", one.ours},         {"floor", nullptr},
                        {"peers", one.peers},       {"spread", std::move(spread)},
                        {"bar", nullptr},           {"met", nullptr}};
  if (one.floor)
    answer["floor"] = *one.floor;
  if (const auto kept = met(one)) {
    answer["bar"] = bars_of(one);
    answer["met"] = *kept;
  }
  return answer;
}

std::string to_table(std::span<const row> rows) {
  std::vector<cells> lines{
    {"question", "unit", "ours", "floor", "peers", "ours / other [95 %]", "bar", "met"}};
  std::ranges::transform(rows, std::back_inserter(lines), cells_of);
  std::array<std::size_t, std::tuple_size_v<cells>> widths{};
  for (const auto& line : lines)
    for (std::size_t column = 0; column < line.size(); ++column)
      widths[column] = std::max(widths[column], line[column].size());
  std::string table;
  const auto add = [&](const cells& line, char fill) {
    for (std::size_t column = 0; column < line.size(); ++column)
      table += fmt::format("|{}{}{}", fill, line[column],
                           std::string(widths[column] - line[column].size() + 1, fill));
    table += "|\n";
  };
  add(lines.front(), ' ');
  add({}, '-');
  std::ranges::for_each(lines.begin() + 1, lines.end(), [&](const cells& line) { add(line, ' '); });
  return table;
}

} // namespace bench

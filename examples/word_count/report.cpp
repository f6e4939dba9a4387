#include "report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

std::string to_text(const report& what, std::size_t top) {
  std::vector<std::pair<std::string, std::uint64_t>> ranking(what.words.begin(), what.words.end());
  std::ranges::sort(ranking, [](const auto& left, const auto& right) {
    return std::pair{right.second, left.first} < std::pair{left.second, right.first};
  });
  ranking.resize(std::min(top, ranking.size()));
  std::string text;
  const auto out = std::back_inserter(text);
  for (const auto& [word, count] : ranking)
    fmt::format_to(out, "{:>9}  {}\n", count, word);
  const auto seconds = std::chrono::duration<double>(what.elapsed).count();
  fmt::format_to(out,
                 "\nlines     {} produced, {} consumed, {} acknowledged, {} redelivered, {} lost\n",
                 what.produced, what.consumed, what.acknowledged, what.redelivered, what.lost());
  fmt::format_to(out, "restarts  {} workers, {} processes in all; {} kills\n", what.worker_restarts,
                 what.restarts, what.kills);
  fmt::format_to(out, "group     {} rebalances, longest gap {} ms\n", what.rebalances,
                 what.longest_gap.count());
  fmt::format_to(out, "speed     {:.0f} msgs/s, {:.2f} s\n",
                 seconds > 0 ? static_cast<double>(what.consumed) / seconds : 0.0, seconds);
  if (what.kills != 0)
    fmt::format_to(out, "chaos     seed {}\n", what.seed);
  if (!what.complete && !what.given_up)
    fmt::format_to(out, "\nnot complete: stopped with {} produced lines still to be counted\n",
                   what.outstanding());
  return text;
}

nlohmann::json to_json(const report& what) {
  return {
    {"words", what.words},
    {"lines",
     {{"produced", what.produced},
      {"consumed", what.consumed},
      {"acknowledged", what.acknowledged},
      {"redelivered", what.redelivered},
      {"lost", what.lost()}}},
    {"restarts", what.restarts},
    {"worker_restarts", what.worker_restarts},
    {"kills", what.kills},
    {"seed", what.seed},
    {"rebalances", what.rebalances},
    {"longest_gap_ms", what.longest_gap.count()},
    {"seconds", std::chrono::duration<double>(what.elapsed).count()},
    {"complete", what.complete},
  };
}

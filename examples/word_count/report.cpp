#include "report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

bool is_replaced(const std::filesystem::path& file) {
  std::error_code failed;
  const auto there = std::filesystem::status(file, failed);
  return !std::filesystem::exists(there) || std::filesystem::is_regular_file(there);
}

/// The target of a symbolic link: write_report replaces the target, not the link.
std::filesystem::path target_of(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_symlink(path, failed))
    return path;
  const auto target = std::filesystem::weakly_canonical(path, failed);
  return failed ? std::filesystem::path{path} : target;
}

/// The temporary file beside `file`, renamed when it is complete.
std::filesystem::path unfinished(std::filesystem::path file) {
  file += ".part";
  return file;
}

bool write_to(const std::string& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary};
  out << text;
  out.close();
  return out.good();
}

} // namespace

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
    fmt::format_to(out, "\nincomplete: stopped with {} produced lines still to be counted\n",
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

bool is_same_file(const std::string& path, const std::string& other) {
  std::error_code failed;
  return std::filesystem::equivalent(path, other, failed);
}

bool can_be_written(const std::string& path) {
  const auto file = target_of(path);
  std::error_code failed;
  if (std::filesystem::is_directory(unfinished(file), failed))
    return false;
  if (std::filesystem::is_directory(file, failed) || !file.has_filename())
    return false;
  if (!is_replaced(file))
    return ::access(file.c_str(), W_OK) == 0;
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
  return std::filesystem::is_directory(folder, failed) && ::access(folder.c_str(), W_OK) == 0;
}

bool write_report(const std::string& path, const report& what) {
  const auto text = to_json(what).dump(2) + '\n';
  const auto file = target_of(path);
  if (!is_replaced(file))
    return write_to(file, text);
  const auto part = unfinished(file);
  if (write_to(part, text) && std::rename(part.c_str(), file.c_str()) == 0)
    return true;
  std::remove(part.c_str());
  return false;
}

#include <ottla/kafka/repetition.hpp>

#include <algorithm>
#include <array>
#include <regex>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::size_t most_told = 32;

struct replacement {
  std::regex what;
  const char* by;
};

// In this order: a rule sees what the former ones left.
const std::array<replacement, 8>& replacements() {
  const auto make = [](const char* what) {
    return std::regex{what, std::regex::ECMAScript | std::regex::optimize};
  };
  static const std::array<replacement, 8> all{{
    // `, 12 identical error(s) suppressed`
    {make(R"(,? ?\d+ identical error\(s\) suppressed)"), ""},
    // `2026-11-26T10:00:00.5Z`
    {make(R"(\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?([.,]\d+)?(Z|[+-]\d\d:?\d\d)?)?\b)"), "#"},
    // `10:00:00.5`
    {make(R"(\b\d\d:\d\d:\d\d([.,]\d+)?\b)"), "#"},
    // `0x7f00`
    {make(R"(\b0x[0-9a-fA-F]+\b)"), "#"},
    // `from 127.0.0.1:41234`, `127.0.0.1:41234 ->`: a port that the system chose.
    {make(R"((from [\w.\[\]-]+):\d+\b)"), "$1:#"},
    {make(R"(:\d+( ->))"), ":#$1"},
    // `localhost:9092/1`, `localhost:9092/bootstrap`
    {make(R"((:\d+)/(\d+|bootstrap)\b)"), "$1"},
    // `0ms`, `1.5 s`, and numbers that stand by themselves. The number of a host or a partition is
    // a part of a word: `kafka-2`, `10.0.0.2:9092`, `orders/3`.
    {make(R"((^|[\s(\[=#])-?\d+([.,]\d+)?(/\d+)?( ?(ns|us|ms|s|min|h))?(?=$|[\s)\],;:]))"), "$1#"},
  }};
  return all;
}

} // namespace

std::string gist_of(std::string_view text) {
  std::string gist{text};
  for (const auto& each : replacements())
    gist = std::regex_replace(gist, each.what, each.by);
  return gist;
}

bool repetition::is_new(std::string_view text) {
  auto gist = gist_of(text);
  const auto known = std::ranges::find(told_, gist);
  const bool is_known = known != told_.end();
  if (is_known)
    told_.erase(known);
  told_.push_back(std::move(gist));
  if (told_.size() > most_told)
    told_.pop_front();
  return !is_known;
}

} // namespace ottla::kafka

#pragma once

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace ottla::kafka::test {

/// One thing that a member of the group did. What a kind does not need is 0.
struct member_line {
  enum class kind : std::uint8_t {
    /// Generation in `first`, number of partitions in `next`.
    assigned,
    /// A worker begins at `first`, under `epoch`.
    leased,
    /// The messages [first, next) have been looked at, and are about to be acknowledged.
    handled,
    acknowledged,
    committed,
    /// Given back in order; or another member's already.
    revoked,
    lost,
    /// The message at `first` is another one: `text`.
    wrong,
    failed,
    /// From the test: it was killed, or asked to stop; it has ended, with the status in `first`.
    killed,
    stopping,
    ended,
  };

  /// Of the steady clock, which all processes of a machine share.
  std::chrono::nanoseconds when{};
  /// Who it was is known to who reads.
  int member = 0;
  kind what = kind::assigned;
  std::int32_t partition = 0;
  std::int64_t first = 0;
  std::int64_t next = 0;
  std::uint64_t epoch = 0;
  std::string text = {};
};

inline constexpr std::array<std::string_view, 12> member_words{
  "assigned", "leased", "handled", "acknowledged", "committed", "revoked",
  "lost",     "wrong",  "failed",  "killed",       "stopping",  "ended"};

inline std::string_view to_text(member_line::kind what) {
  return member_words.at(static_cast<std::size_t>(what));
}

/// `<when> handled <partition> <first> <next> <epoch> <text>`
inline std::string to_text(const member_line& line) {
  return fmt::format("{} {} {} {} {} {} {}", line.when.count(), to_text(line.what), line.partition,
                     line.first, line.next, line.epoch, line.text);
}

/// Nothing: it is no such line.
inline std::optional<member_line> parse_member_line(const std::string& text) {
  std::istringstream from{text};
  member_line line;
  std::int64_t when = 0;
  std::string word;
  if (!(from >> when >> word >> line.partition >> line.first >> line.next >> line.epoch))
    return std::nullopt;
  for (std::size_t i = 0; i < member_words.size(); ++i)
    if (member_words[i] == word) {
      line.when = std::chrono::nanoseconds{when};
      line.what = static_cast<member_line::kind>(i);
      std::getline(from >> std::ws, line.text);
      return line;
    }
  return std::nullopt;
}

} // namespace ottla::kafka::test

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

/// One event of a group member. Fields that a kind does not use are 0.
struct member_line {
  enum class kind : std::uint8_t {
    /// `first`: the generation. `next`: the number of partitions.
    assigned,
    /// A worker starts at `first` under `epoch`.
    leased,
    /// The handler has processed messages [first, next) and is about to acknowledge them.
    handled,
    acknowledged,
    committed,
    /// The member gave the partition back in order.
    revoked,
    /// The member lost the partition. Another member may already own the partition.
    lost,
    /// The message at `first` has the wrong value `text`.
    wrong,
    failed,
    /// Added by the test: the member was killed, was asked to stop, or has ended with status
    /// `first`.
    killed,
    stopping,
    ended,
  };

  /// Time of the steady clock, which all processes of a machine share.
  std::chrono::nanoseconds when{};
  /// Number of the member. The text does not contain the number, so the reader sets this field.
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

/// Returns `<when> <what> <partition> <first> <next> <epoch> <text>`.
inline std::string to_text(const member_line& line) {
  return fmt::format("{} {} {} {} {} {} {}", line.when.count(), to_text(line.what), line.partition,
                     line.first, line.next, line.epoch, line.text);
}

/// Returns nullopt if `text` is not a line that to_text returns.
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

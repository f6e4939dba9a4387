#include <ottla/kafka/internal/text/character_kinds.hpp>
#include <ottla/kafka/internal/text/gist.hpp>

#include <array>
#include <cstddef>
#include <optional>

// The scanner does not use std::regex, because std::regex recurses for each character. A long text
// would overflow the stack.

namespace ottla::kafka {

namespace {

/// Reads a text from `at` on. Every step moves forward if it matches, and returns whether it
/// matched.
class scanner {
public:
  scanner(std::string_view text, std::size_t at) : text_{text}, at_{at} {}

  std::size_t at() const noexcept { return at_; }
  std::string_view rest() const { return text_.substr(at_); }

  bool skip(std::string_view literal) {
    if (!rest().starts_with(literal))
      return false;
    at_ += literal.size();
    return true;
  }

  bool skip_one_of(std::string_view characters) {
    if (at_ == text_.size() || characters.find(text_[at_]) == std::string_view::npos)
      return false;
    ++at_;
    return true;
  }

  /// Returns the number of skipped characters.
  template <class Predicate>
  std::size_t skip_all(Predicate is_wanted) {
    const auto begin = at_;
    while (at_ < text_.size() && is_wanted(text_[at_]))
      ++at_;
    return at_ - begin;
  }

  std::size_t skip_number() { return skip_all(is_digit); }

  /// In `pattern`, `d` matches any digit, and any other character matches itself. Does not move if
  /// the pattern does not match.
  bool skip_pattern(std::string_view pattern) {
    if (text_.size() - at_ < pattern.size())
      return false;
    for (std::size_t i = 0; i < pattern.size(); ++i)
      if (const auto one = text_[at_ + i]; pattern[i] == 'd' ? !is_digit(one) : one != pattern[i])
        return false;
    at_ += pattern.size();
    return true;
  }

  /// `.5` or `,5`
  bool skip_fraction() {
    auto ahead = *this;
    if (!ahead.skip_one_of(".,") || ahead.skip_number() == 0)
      return false;
    *this = ahead;
    return true;
  }

private:
  std::string_view text_;
  std::size_t at_;
};

bool is_in_a_word(char one) noexcept {
  return is_letter_or_digit(one) || one == '_';
}

/// Whether a word begins or ends at `at`.
bool is_edge_of_word(std::string_view text, std::size_t at) {
  const bool before = at > 0 && is_in_a_word(text[at - 1]);
  const bool behind = at < text.size() && is_in_a_word(text[at]);
  return before != behind;
}

bool is_hex(char one) noexcept {
  return is_digit(one) || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F');
}

/// A part of a text that differs between reports, and its replacement in the gist.
struct varying {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view by = "#";
};

/// Returns the varying part of the match that begins at `at`; nullopt if no match begins there.
using rule = std::optional<varying> (*)(std::string_view text, std::size_t at);

/// `, 12 identical error(s) suppressed`
std::optional<varying> find_suppressed(std::string_view text, std::size_t at) {
  // Only the first digit of a number can match, so the scan stays linear.
  if (is_digit(text[at]) && at > 0 && is_digit(text[at - 1]))
    return std::nullopt;
  scanner from{text, at};
  from.skip(",");
  from.skip(" ");
  if (from.skip_number() == 0 || !from.skip(" identical error(s) suppressed"))
    return std::nullopt;
  return varying{at, from.at(), ""};
}

/// `2026-11-26T10:00:00.5Z`, and shorter forms such as `2026-11-26`.
std::optional<varying> find_date(std::string_view text, std::size_t at) {
  scanner from{text, at};
  if (!is_edge_of_word(text, at) || !from.skip_pattern("dddd-dd-dd"))
    return std::nullopt;
  std::optional<varying> found;
  const auto may_end_here = [&] {
    if (is_edge_of_word(text, from.at()))
      found = varying{at, from.at()};
  };
  const auto may_end_with_zone = [&] {
    may_end_here();
    const auto before = from;
    if (from.skip("Z") || from.skip_pattern("+dd:dd") || from.skip_pattern("-dd:dd")
        || from.skip_pattern("+dddd") || from.skip_pattern("-dddd"))
      may_end_here();
    from = before;
  };
  may_end_here();
  if (!from.skip_pattern("Tdd:dd") && !from.skip_pattern(" dd:dd"))
    return found;
  may_end_with_zone();
  if (from.skip_pattern(":dd"))
    may_end_with_zone();
  if (from.skip_fraction())
    may_end_with_zone();
  return found;
}

/// `10:00:00.5`
std::optional<varying> find_time(std::string_view text, std::size_t at) {
  scanner from{text, at};
  if (!is_edge_of_word(text, at) || !from.skip_pattern("dd:dd:dd"))
    return std::nullopt;
  const auto whole = from.at();
  if (from.skip_fraction() && is_edge_of_word(text, from.at()))
    return varying{at, from.at()};
  return is_edge_of_word(text, whole) ? std::optional{varying{at, whole}} : std::nullopt;
}

/// `0x7f00`
std::optional<varying> find_address(std::string_view text, std::size_t at) {
  scanner from{text, at};
  if (!is_edge_of_word(text, at) || !from.skip("0x") || from.skip_all(is_hex) == 0
      || !is_edge_of_word(text, from.at()))
    return std::nullopt;
  return varying{at, from.at()};
}

/// The port in `from 127.0.0.1:41234`. The system chose this port.
std::optional<varying> find_port_of_sender(std::string_view text, std::size_t at) {
  scanner from{text, at};
  const auto is_in_a_host = [](char one) {
    return is_in_a_word(one) || std::string_view{".[]-"}.find(one) != std::string_view::npos;
  };
  if (!from.skip("from ") || from.skip_all(is_in_a_host) == 0 || !from.skip(":"))
    return std::nullopt;
  const auto port = from.at();
  if (from.skip_number() == 0 || !is_edge_of_word(text, from.at()))
    return std::nullopt;
  return varying{port, from.at()};
}

/// `127.0.0.1:41234 ->`
std::optional<varying> find_port_before_arrow(std::string_view text, std::size_t at) {
  scanner from{text, at};
  if (!from.skip(":") || from.skip_number() == 0)
    return std::nullopt;
  const auto end = from.at();
  return from.skip(" ->") ? std::optional{varying{at + 1, end}} : std::nullopt;
}

/// `localhost:9092/1`, `localhost:9092/bootstrap`
std::optional<varying> find_broker_id(std::string_view text, std::size_t at) {
  scanner from{text, at};
  if (!from.skip(":") || from.skip_number() == 0)
    return std::nullopt;
  const auto begin = from.at();
  if (!from.skip("/") || (from.skip_number() == 0 && !from.skip("bootstrap"))
      || !is_edge_of_word(text, from.at()))
    return std::nullopt;
  return varying{begin, from.at(), ""};
}

bool stands_before_a_number(char one) noexcept {
  return std::string_view{" \t\n\v\f\r([=#"}.find(one) != std::string_view::npos;
}

bool number_ends(std::string_view rest) {
  return rest.empty()
         || std::string_view{" \t\n\v\f\r)],;:"}.find(rest.front()) != std::string_view::npos;
}

/// `0ms`, `1.5 s`, and numbers that are separate words. The gist keeps numbers inside words,
/// because these numbers identify hosts and partitions: `kafka-2`, `10.0.0.2:9092`, `orders/3`.
std::optional<varying> find_number(std::string_view text, std::size_t at) {
  if (at > 0 && !stands_before_a_number(text[at - 1]))
    return std::nullopt;
  scanner from{text, at};
  from.skip("-");
  if (from.skip_number() == 0)
    return std::nullopt;
  std::optional<varying> found;
  const auto may_end_here = [&](const scanner& end) {
    if (number_ends(end.rest()))
      found = varying{at, end.at()};
  };
  const auto may_end_with_unit = [&] {
    may_end_here(from);
    auto unit = from;
    unit.skip(" ");
    for (const std::string_view name : {"ns", "us", "ms", "s", "min", "h"})
      if (auto end = unit; end.skip(name))
        may_end_here(end);
  };
  may_end_with_unit();
  if (from.skip_fraction())
    may_end_with_unit();
  if (auto of = from; of.skip("/") && of.skip_number() > 0) {
    from = of;
    may_end_with_unit();
  }
  return found;
}

std::string without(rule find, std::string_view text) {
  std::string left;
  left.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    if (const auto found = find(text, at)) {
      left += text.substr(at, found->begin - at);
      left += found->by;
      at = found->end;
    } else {
      left += text[at++];
    }
  return left;
}

} // namespace

std::string gist_of(std::string_view text) {
  // The order matters, because each rule sees the result of the earlier rules.
  constexpr auto rules = std::to_array<rule>({
    find_suppressed,
    find_date,
    find_time,
    find_address,
    find_port_of_sender,
    find_port_before_arrow,
    find_broker_id,
    find_number,
  });
  std::string gist{text};
  for (const auto find : rules)
    gist = without(find, gist);
  return gist;
}

} // namespace ottla::kafka

#include <ottla/kafka/internal/text/character_kinds.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>
#include <ottla/kafka/internal/text/readable_text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

namespace ottla::kafka {

namespace {

using code_point = std::uint32_t;

constexpr code_point last_code = 0x10ffff;

void append(std::string& text, code_point code) {
  const auto add = [&](code_point byte) { text += static_cast<char>(byte); };
  const auto add_tail = [&](unsigned shift) { add(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xc0 | code >> 6);
    add_tail(0);
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add_tail(6);
    add_tail(0);
  } else {
    add(0xf0 | code >> 18);
    add_tail(12);
    add_tail(6);
    add_tail(0);
  }
}

int value_of_digit(char one) noexcept {
  if (is_digit(one))
    return one - '0';
  if (one >= 'a' && one <= 'f')
    return one - 'a' + 10;
  return one >= 'A' && one <= 'F' ? one - 'A' + 10 : -1;
}

/// nullopt if `digits` is empty, holds a non-digit, or exceeds the last code point.
std::optional<code_point> number_of(std::string_view digits, int base) noexcept {
  code_point number = 0;
  for (const auto one : digits) {
    const auto value = value_of_digit(one);
    if (value < 0 || value >= base || number > last_code)
      return std::nullopt;
    number = number * static_cast<code_point>(base) + static_cast<code_point>(value);
  }
  return digits.empty() || number > last_code ? std::nullopt : std::optional{number};
}

std::optional<code_point> hex_at(std::string_view text, std::size_t at, std::size_t digits) {
  return at + digits <= text.size() ? number_of(text.substr(at, digits), 16) : std::nullopt;
}

struct entity {
  std::string_view name;
  code_point code;
};

/// HTML entities for ASCII characters and blanks.
constexpr auto entities = std::to_array<entity>({
  {"amp", '&'},      {"lt", '<'},      {"gt", '>'},       {"quot", '"'},      {"apos", '\''},
  {"nbsp", 0xa0},    {"ensp", 0x2002}, {"emsp", 0x2003},  {"thinsp", 0x2009}, {"hairsp", 0x200a},
  {"numsp", 0x2007}, {"shy", 0xad},    {"zwnj", 0x200c},  {"zwj", 0x200d},    {"lrm", 0x200e},
  {"rlm", 0x200f},   {"tab", '\t'},    {"newline", '\n'}, {"colon", ':'},     {"equals", '='},
  {"sol", '/'},      {"bsol", '\\'},   {"commat", '@'},   {"percnt", '%'},    {"num", '#'},
  {"plus", '+'},     {"dollar", '$'},  {"excl", '!'},     {"quest", '?'},     {"semi", ';'},
  {"comma", ','},    {"period", '.'},  {"lowbar", '_'},   {"ast", '*'},       {"grave", '`'},
  {"lpar", '('},     {"rpar", ')'},    {"lsqb", '['},     {"rsqb", ']'},      {"lbrack", '['},
  {"rbrack", ']'},   {"lcub", '{'},    {"rcub", '}'},     {"lbrace", '{'},    {"rbrace", '}'},
  {"vert", '|'},     {"verbar", '|'},  {"hat", '^'},
});

std::optional<code_point> code_of_entity(std::string_view name) {
  if (name.starts_with("#x") || name.starts_with("#X"))
    return number_of(name.substr(2), 16);
  if (name.starts_with('#'))
    return number_of(name.substr(1), 10);
  const auto lower = in_lower_case(name);
  const auto* found = std::ranges::find(entities, lower, &entity::name);
  return found == entities.end() ? std::nullopt : std::optional{found->code};
}

/// Decodes `&nbsp;`, `&#160;` and `&#xa0;`. The semicolon may be missing if other text follows. At
/// the end of a text, an entity without a semicolon may be truncated and is not decoded.
std::size_t read_entity(std::string_view rest, std::string& character) {
  constexpr std::size_t longest = 12;
  std::size_t end = 1;
  while (end < std::min(rest.size(), longest)
         && (is_letter_or_digit(rest[end]) || rest[end] == '#'))
    ++end;
  const auto code = code_of_entity(rest.substr(1, end - 1));
  if (!code || end == rest.size())
    return 0;
  append(character, *code);
  return rest.substr(end).starts_with(';') ? end + 1 : end;
}

/// Decodes an HTML entity or a percent-encoded byte. Returns the size of the escape; 0 if there is
/// none.
std::size_t read_web(std::string_view rest, std::string& character) {
  constexpr std::size_t size = 3;
  if (rest.front() == '&')
    return read_entity(rest, character);
  const auto byte = rest.front() == '%' ? hex_at(rest, 1, size - 1) : std::nullopt;
  if (!byte)
    return 0;
  character += static_cast<char>(*byte);
  return size;
}

/// Decodes the digits of a `\u` escape. `at` is the place after the `u`. A surrogate pair is two
/// escapes.
std::size_t read_utf16(std::string_view rest, std::size_t at, std::string& character) {
  constexpr std::size_t digits = 4;
  const auto code = hex_at(rest, at, digits);
  if (!code)
    return 0;
  const auto end = at + digits;
  if (*code >= 0xd800 && *code < 0xdc00) {
    const auto next = std::min(rest.find_first_not_of('\\', end), rest.size());
    const auto low
      = next > end && rest.substr(next).starts_with('u') ? hex_at(rest, next + 1, digits) : code;
    if (low && *low >= 0xdc00 && *low < 0xe000) {
      append(character, 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00));
      return next + 1 + digits;
    }
  }
  append(character, *code);
  return end;
}

/// Decodes the escapes of JSON, and `\x2f`. Backslashes that escape nothing become one backslash.
std::size_t read_json(std::string_view rest, std::string& character) {
  const auto at = std::min(rest.find_first_not_of('\\'), rest.size());
  if (at == 0)
    return 0;
  const auto one = at < rest.size() ? rest[at] : '\0';
  const auto read = [&](char meant) {
    character += meant;
    return at + 1;
  };
  switch (one) {
    case 'n': return read('\n');
    case 'r': return read('\r');
    case 't': return read('\t');
    case 'b': return read('\b');
    case 'f': return read('\f');
    case '/': return read('/');
    case '"':
    case '\'':
      // After an even number of backslashes, the quote is not escaped.
      if (at % 2 == 1)
        return read(one);
      break;
    case 'u':
      if (const auto size = read_utf16(rest, at + 1, character))
        return size;
      break;
    case 'x':
      if (const auto code = hex_at(rest, at + 1, 2)) {
        append(character, *code);
        return at + 3;
      }
      break;
    default: break;
  }
  character += '\\';
  return at;
}

std::size_t read_json_but_letters(std::string_view rest, std::string& character) {
  const auto letter = std::min(rest.find_first_not_of('\\'), rest.size());
  if (letter == 0 || letter == rest.size()
      || std::string_view{"nrtbf"}.find(rest[letter]) == std::string_view::npos)
    return read_json(rest, character);
  character += '\\';
  return letter;
}

struct likeness {
  std::string_view character;
  char ascii;
};

/// Signs that look like the colon and the equals sign.
constexpr auto likenesses = std::to_array<likeness>({
  {"\u02d0", ':'},
  {"\u2236", ':'},
  {"\ufe13", ':'},
  {"\ufe55", ':'},
  {"\ua789", ':'},
  {"\ufe66", '='},
});

/// Decodes full-width characters, U+FF01 to U+FF5E, and the likenesses above to ASCII.
std::size_t read_full_width(std::string_view rest, std::string& character) {
  constexpr std::size_t size = 3;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
  if (byte(0) < 0x80)
    return 0;
  if (rest.size() >= size && byte(0) == 0xef && (byte(1) == 0xbc || byte(1) == 0xbd)
      && byte(2) >= 0x80 && byte(2) < 0xc0) {
    const auto code = 0xf000U | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU);
    if (code >= 0xff01 && code <= 0xff5e) {
      character += static_cast<char>(code - 0xff01 + '!');
      return size;
    }
  }
  for (const auto& each : likenesses)
    if (rest.starts_with(each.character)) {
      character += each.ascii;
      return each.character.size();
    }
  return 0;
}

} // namespace

readable_text readable_text::as_written(std::string_view written) {
  readable_text made;
  made.written_ = written;
  made.text_ = written;
  made.begins_.resize(written.size() + 1);
  std::iota(made.begins_.begin(), made.begins_.end(), std::size_t{0});
  return made;
}

readable_text readable_text::decoded(std::string_view written) {
  return decoded_with(read_json, written);
}

readable_text readable_text::decoded_but_letters(std::string_view written) {
  return decoded_with(read_json_but_letters, written);
}

readable_text readable_text::decoded_with(read_escape read_json, std::string_view written) {
  constexpr int most_levels = 4; // `%252f` has two
  auto made = as_written(written);
  const auto decode_web = [&] {
    for (int level = 0; level < most_levels && made.decode(read_web); ++level)
      ;
  };
  decode_web();
  made.decode(read_json);
  decode_web();
  made.decode(read_full_width);
  return made;
}

bool readable_text::decode(read_escape read) {
  std::string text;
  std::vector<std::size_t> begins;
  text.reserve(text_.size());
  begins.reserve(begins_.size());
  bool has_any = false;
  std::string character;
  for (std::size_t at = 0; at < text_.size();) {
    character.clear();
    auto size = read(std::string_view{text_}.substr(at), character);
    has_any = has_any || size != 0;
    if (size == 0) {
      character = text_[at];
      size = 1;
    }
    text += character;
    begins.insert(begins.end(), character.size(), begins_[at]);
    at += size;
  }
  begins.push_back(written_.size());
  text_ = std::move(text);
  begins_ = std::move(begins);
  return has_any;
}

std::string_view readable_text::spelling(std::size_t at) const noexcept {
  if (at >= text_.size())
    return {};
  // All bytes of a decoded character begin at the same place of the original.
  const auto end = std::upper_bound(begins_.begin(), begins_.end(), begins_[at]);
  return written_.substr(begins_[at], *end - begins_[at]);
}

std::string hide(std::string_view text, std::vector<text_place> places) {
  std::ranges::sort(places, {}, &text_place::begin);
  std::string hidden;
  std::size_t done = 0;
  for (const auto [begin, end] : places) {
    if (begin >= end || end <= done)
      continue;
    // Overlapping places share one mask.
    if (begin >= done) {
      hidden += text.substr(done, begin - done);
      hidden += "***";
    }
    done = end;
  }
  hidden += text.substr(done);
  return hidden;
}

} // namespace ottla::kafka

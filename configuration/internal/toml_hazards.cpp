#include <ottla/configuration/internal/toml_hazards.hpp>

#include <cstddef>

namespace ottla::kafka {

namespace {

constexpr std::size_t most_dots = 500;

/// Reads a text byte by byte, and skips comments and strings.
class toml_scan {
public:
  explicit toml_scan(std::string_view text) : text_{text} {}

  std::optional<toml_hazard> run() {
    // toml++ skips a byte order mark.
    if (text_.starts_with("\xEF\xBB\xBF"))
      at_ = 3;
    while (at_ < text_.size()) {
      if (const auto one = text_[at_]; one == '#')
        skip_comment();
      else if (one == '"' || one == '\'')
        skip_string(one);
      else if (static_cast<unsigned char>(one) >= 0x80)
        return found("a character outside of strings and comments is not ASCII");
      else
        step();
      if (dots_ > most_dots)
        return found("the line has more than 500 dots");
      // toml++ reports a string that does not end, and reads no further.
      if (is_broken_)
        break;
    }
    return std::nullopt;
  }

private:
  toml_hazard found(std::string_view what) const { return {line_, column_, what}; }

  void step() {
    const auto one = text_[at_++];
    if (one == '\n') {
      ++line_;
      column_ = 1;
      dots_ = 0;
      return;
    }
    // The other bytes of a character in UTF-8 begin with the bits 10.
    if ((static_cast<unsigned char>(one) & 0xC0) != 0x80)
      ++column_;
    if (one == '.')
      ++dots_;
  }

  void step(std::size_t times) {
    while (times-- > 0)
      step();
  }

  bool is_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void skip_comment() {
    const auto dots = dots_;
    while (at_ < text_.size() && text_[at_] != '\n')
      step();
    dots_ = dots;
  }

  void skip_string(char quote) {
    const char three[] = {quote, quote, quote, '\0'};
    const bool is_multiline = is_at(three);
    const auto dots = dots_;
    step(is_multiline ? 3 : 1);
    while (at_ < text_.size()) {
      if (text_[at_] == '\\' && quote == '"') {
        step();
        // Only a multi-line string may escape the end of its line.
        if (at_ < text_.size() && (is_multiline || text_[at_] != '\n'))
          step();
      } else if (is_multiline && is_at(three)) {
        step(3);
        // A string may end with two quotes of its own.
        for (int more = 0; more < 2 && at_ < text_.size() && text_[at_] == quote; ++more)
          step();
        dots_ = 0;
        return;
      } else if (!is_multiline && (text_[at_] == quote || text_[at_] == '\n')) {
        is_broken_ = text_[at_] == '\n';
        step();
        dots_ = dots;
        return;
      } else {
        step();
      }
    }
    is_broken_ = true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  /// Dots of the line outside of strings and comments.
  std::size_t dots_ = 0;
  bool is_broken_ = false;
};

} // namespace

std::optional<toml_hazard> find_toml_hazard(std::string_view text) {
  return toml_scan{text}.run();
}

} // namespace ottla::kafka

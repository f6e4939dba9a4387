#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The bytes `[begin, end)` of a text; empty if both are equal.
struct text_place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A decoded text, with the place of each character in the original. One character may be written
/// in many ways: `/` is also `\/`, `\u002f`, `%2F`, `%2f`, `%252f`, `&#47;` and the full-width
/// `／`. Code that compares decoded texts need not handle the spellings. The original text must
/// outlive this object.
class readable_text {
public:
  /// Decodes nothing. Every character stands for itself.
  static readable_text as_written(std::string_view written);

  /// Decodes percent-encoding, HTML entities, JSON escapes, `\x2f`, full-width characters, and
  /// look-alikes of `:` and `=`. Also decodes nested escapes. Several backslashes before an escape
  /// count as one backslash, because JSON inside JSON has several. A run of other backslashes
  /// becomes one backslash. Everything else stays unchanged.
  static readable_text decoded(std::string_view written);

  /// Like `decoded`, but keeps `\n`, `\r`, `\t`, `\b` and `\f` as a backslash and a letter, because
  /// `\token` may begin with a tab or be part of a path.
  static readable_text decoded_but_letters(std::string_view written);

  /// The decoded text. Not always valid UTF-8, since a percent-encoded byte may have any value.
  std::string_view text() const noexcept { return text_; }

  /// Returns how the original writes the character at this place of `text()`.
  std::string_view spelling(std::size_t at) const noexcept;

  /// True if the character is written as itself and not as an escape.
  bool is_plain(std::size_t at) const noexcept { return spelling(at).size() == 1; }

  /// Converts a place of `text()` to a place of the original.
  text_place written_place(text_place place) const noexcept {
    return {begins_[place.begin], begins_[place.end]};
  }

private:
  using read_escape = std::size_t (*)(std::string_view rest, std::string& character);

  readable_text() = default;

  static readable_text decoded_with(read_escape read_json, std::string_view written);

  /// Returns false if the text has no escape that `read` decodes.
  bool decode(read_escape read);

  std::string_view written_;
  std::string text_;
  /// The place in written_ where the spelling of each byte of text_ begins. Also has an entry for
  /// the end of text_.
  std::vector<std::size_t> begins_;
};

/// Returns the text with `***` for each place. The places may overlap and come in any order. Empty
/// places are ignored.
std::string hide(std::string_view text, std::vector<text_place> places);

} // namespace ottla::kafka

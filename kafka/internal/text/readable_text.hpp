#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The bytes `[begin, end)` of a text; empty if both are the same.
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
  /// Every character stands for itself.
  static readable_text as_written(std::string_view written);

  /// Decodes percent-encoding, HTML entities, JSON escapes and full-width characters, including
  /// nested ones. Decodes several backslashes before an escape like a single one, since JSON in
  /// JSON has several. Leaves everything else unchanged, except that a run of backslashes becomes
  /// one.
  static readable_text decoded(std::string_view written);

  /// Like `decoded`, but keeps `\n`, `\r`, `\t`, `\b` and `\f` as a backslash and a letter:
  /// `\token` may be a tab or a path.
  static readable_text decoded_but_letters(std::string_view written);

  /// UTF-8 if the original is UTF-8.
  std::string_view text() const noexcept { return text_; }

  /// How the character at a place of `text()` is written.
  std::string_view spelling(std::size_t at) const noexcept;

  /// True if the character is written as itself and not as an escape.
  bool is_plain(std::size_t at) const noexcept { return spelling(at).size() == 1; }

  /// Where a place of `text()` is in the written text.
  text_place written_place(text_place place) const noexcept {
    return {begins_[place.begin], begins_[place.end]};
  }

private:
  using read_escape = std::size_t (*)(std::string_view rest, std::string& character);

  readable_text() = default;

  static readable_text decoded_with(read_escape read_json, std::string_view written);

  /// False: the text holds no such escape.
  bool decode(read_escape read);

  std::string_view written_;
  std::string text_;
  /// For each byte of text_, and for its end, where the spelling of the byte begins in written_.
  std::vector<std::size_t> begins_;
};

/// The text with `***` for each place. The places may overlap and come in any order. Empty places
/// are left out.
std::string hide(std::string_view text, std::vector<text_place> places);

} // namespace ottla::kafka

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The bytes `[begin, end)` of a text; empty where both are the same.
struct text_place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A text as its reader means it, and where each character stands in the text as it is written. One
/// character may be written in many ways: `/` is also `\/`, `\u002f`, `%2F`, `%2f`, `%252f`,
/// `&#47;` and the full-width `／`. Whoever compares decoded texts need not know them. The written
/// text must outlive this one.
class readable_text {
public:
  /// Every character stands for itself.
  static readable_text as_written(std::string_view written);

  /// Decodes percent-encoding, the entities of HTML, the escapes of JSON and full-width characters,
  /// also where one of them is inside of another. Decodes several backslashes before an escape like
  /// one: they come from JSON in JSON. Leaves all that is no escape as it is written.
  static readable_text decoded(std::string_view written);

  /// Like `decoded`, but `\n` and the like are a backslash and a letter: in `\token=…` nobody knows
  /// which is meant.
  static readable_text decoded_but_letters(std::string_view written);

  /// In UTF-8, as far as the written text is.
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

/// The text with `***` for each place. The places may overlap and come in any order; empty ones are
/// left out.
std::string hide(std::string_view text, std::vector<text_place> places);

} // namespace ottla::kafka

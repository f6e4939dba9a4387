#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Replaces secrets in a text with `***`: those that are given here, and what looks like a secret,
/// see hide_secret_patterns. For texts that come from the client, the broker or a provider of
/// tokens, before they become an error or a log line.
class secret_mask {
public:
  /// Masks the secret in every spelling that readable_text decodes, with `+` for blanks, and
  /// without surrounding blanks. An empty secret is ignored. A secret under four characters is
  /// masked only as a whole word. Where the end of a text was cut, six or more leading characters
  /// of a longer secret are masked.
  void hide(std::string_view secret);

  /// Hides the value unless it has lower-case letters only. For settings that are no secrets but
  /// may hold one by mistake, such as a user's name.
  void hide_unless_a_plain_word(std::string_view value);

  /// The values of `name=value` pairs and the whole text. Also a word without a name, unless the
  /// word is of small letters only.
  void hide_values_in(std::string_view pairs);

  /// Cuts a text after 8 KiB.
  std::string apply(std::string_view text) const;

private:
  void hide_value_of(std::string_view pair);

  /// To compare with a text as it is written: a secret may look like an escape.
  std::vector<std::string> written_;
  /// To compare with a decoded text.
  std::vector<std::string> decoded_;
};

} // namespace ottla::kafka

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Replaces secrets in a text with `***`. Masks the secrets passed to hide(), and also text that
/// looks like a secret, see hide_secret_patterns. Apply a mask to each text from librdkafka, from a
/// broker and from a provider of tokens, before the text becomes an error or a log line.
class secret_mask {
public:
  /// Masks the secret in every spelling that readable_text decodes, with `+` for blanks, and
  /// without surrounding blanks. Ignores an empty secret. A secret of fewer than four characters is
  /// masked only as a whole word. At the end of a text, apply() also masks a truncated secret of at
  /// least six characters.
  void hide(std::string_view secret);

  /// Hides the value unless it has lower-case letters only. For settings that are not secrets and
  /// may hold a secret by mistake, such as a user name.
  void hide_unless_a_plain_word(std::string_view value);

  /// Hides the values of `name=value` pairs, and `pairs` as a whole. Also hides a word without a
  /// name, unless the word has lower-case letters only.
  void hide_values_in(std::string_view pairs);

  /// Masks the secrets in a text, and truncates the text after 8 KiB.
  std::string apply(std::string_view text) const;

private:
  void hide_value_of(std::string_view pair);

  /// Secrets to compare with the text as written, since a secret may look like an escape.
  std::vector<std::string> written_;
  /// Secrets to compare with the decoded text.
  std::vector<std::string> decoded_;
};

} // namespace ottla::kafka

#include <ottla/kafka/client/librdkafka/known_keys.hpp>
#include <ottla/kafka/client/librdkafka/refusal.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

namespace {

constexpr std::size_t longest_shown = 200;

bool is_control_character(char one) noexcept {
  return static_cast<unsigned char>(one) < 0x20 || one == 0x7f;
}

/// On one line, and not a page.
std::string quoted(std::string text) {
  std::ranges::replace_if(text, is_control_character, '?');
  if (text.size() > longest_shown)
    text = text.substr(0, longest_shown) + "…";
  return '"' + text + '"';
}

} // namespace

std::string refusal_of_value(const std::string& key, const std::string& value,
                             const std::string& why) {
  if (may_be_shown(key, value))
    return fmt::format("{} cannot be {}: {}", quoted(key), quoted(value), why);
  const bool why_quotes_it = !value.empty() && why.find(value) != std::string::npos;
  return fmt::format("{} cannot be what it is set to: {}", quoted(key),
                     why_quotes_it ? "the client refuses the value" : why);
}

std::string refusal_of_key(const std::string& key, const std::string& value) {
  const auto similar = similar_key(key);
  if (similar && *similar != key)
    return fmt::format("{} is no key of librdkafka's; \"{}\" is", quoted(key), *similar);
  if (const auto meant = similar_key(value))
    return fmt::format("extra has a key that librdkafka does not know, with the value \"{}\": are "
                       "key and value swapped?",
                       *meant);
  if (similar || (looks_like_a_key(key) && !looks_like_a_key(value)))
    return fmt::format("{} is no key of librdkafka's", quoted(key));
  return fmt::format("extra has a key of {} characters that librdkafka does not know", key.size());
}

} // namespace ottla::kafka

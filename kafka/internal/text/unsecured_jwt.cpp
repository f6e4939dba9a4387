#include <ottla/kafka/internal/text/unsecured_jwt.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string_view>

namespace ottla::kafka {

namespace {

using clock = std::chrono::system_clock;

struct claims {
  std::string principal;
  std::string principal_claim = "sub";
  std::string scopes;
  std::string scope_claim = "scope";
  int life_seconds = 3600;
  std::map<std::string, std::string> extensions;
};

error refuse(const std::string& why) {
  return {.code = errc::bad_setting, .text = "\"sasl.oauthbearer.config\": " + why};
}

std::optional<error> read(claims& into, const std::string& name, const std::string& value) {
  constexpr std::string_view extension = "extension_";
  if (name == "principal")
    into.principal = value;
  else if (name == "principalClaimName")
    into.principal_claim = value;
  else if (name == "scope")
    into.scopes = value;
  else if (name == "scopeClaimName")
    into.scope_claim = value;
  else if (name.starts_with(extension))
    into.extensions.emplace(name.substr(extension.size()), value);
  else if (name != "lifeSeconds")
    return refuse(
      "a name is unknown; known names are principal, principalClaimName, scope, scopeClaimName, "
      "lifeSeconds and extension_NAME");
  else if (const auto* end = value.data() + value.size();
           std::from_chars(value.data(), end, into.life_seconds) != std::from_chars_result{end, {}}
           || into.life_seconds < 1)
    return refuse("lifeSeconds must be a number of seconds, from 1 to 2147483647");
  return std::nullopt;
}

std::string base64url(std::string_view bytes) {
  constexpr std::string_view digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const auto one : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(one);
    for (count += 8; count >= 6; count -= 6)
      text += digits[bits >> static_cast<unsigned>(count - 6) & 63U];
  }
  if (count > 0)
    text += digits[bits << static_cast<unsigned>(6 - count) & 63U];
  return text;
}

std::string in_quotes(std::string_view text) {
  std::string result{'"'};
  for (const auto one : text) {
    if (one == '"' || one == '\\')
      result += '\\';
    result += one;
  }
  return result + '"';
}

std::string payload_of(const claims& from, std::int64_t now) {
  auto text = '{' + in_quotes(from.principal_claim) + ':' + in_quotes(from.principal) + ",\"iat\":"
              + std::to_string(now) + ",\"exp\":" + std::to_string(now + from.life_seconds);
  if (!from.scopes.empty()) {
    text += ',' + in_quotes(from.scope_claim) + ":[";
    std::istringstream all{from.scopes};
    std::string separator;
    for (std::string one; std::getline(all, one, ','); separator = ",")
      text += separator + in_quotes(one);
    text += ']';
  }
  return text + '}';
}

} // namespace

std::variant<oauth_token, error> make_unsecured_token(const std::string& config) {
  claims wanted;
  std::istringstream words{config};
  for (std::string word; words >> word;) {
    const auto middle = word.find('=');
    if (middle == std::string::npos)
      return refuse("a name has no value");
    if (auto fault = read(wanted, word.substr(0, middle), word.substr(middle + 1)))
      return *fault;
  }
  if (wanted.principal.empty())
    return refuse("the principal is missing");
  const auto now = std::chrono::floor<std::chrono::seconds>(clock::now());
  return oauth_token{.value = base64url(R"({"alg":"none"})") + '.'
                              + base64url(payload_of(wanted, now.time_since_epoch().count())) + '.',
                     .expires = now + std::chrono::seconds{wanted.life_seconds},
                     .principal = wanted.principal,
                     .extensions = wanted.extensions};
}

} // namespace ottla::kafka

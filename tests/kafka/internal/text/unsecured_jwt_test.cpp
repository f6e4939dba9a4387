#include <ottla/kafka/internal/text/unsecured_jwt.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

using namespace ottla::kafka;

namespace {

/// Decodes base64url without padding.
std::string decoded(std::string_view text) {
  constexpr std::string_view digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const auto one : text) {
    const auto digit = digits.find(one);
    REQUIRE(digit != std::string_view::npos);
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xffU);
    }
  }
  return bytes;
}

oauth_token token_of(const std::string& config) {
  const auto made = make_unsecured_token(config);
  REQUIRE(std::holds_alternative<oauth_token>(made));
  return std::get<oauth_token>(made);
}

std::string payload_of(const oauth_token& token) {
  const auto first = token.value.find('.');
  const auto second = token.value.find('.', first + 1);
  REQUIRE(second == token.value.size() - 1);
  CHECK(decoded(token.value.substr(0, first)) == R"({"alg":"none"})");
  return decoded(token.value.substr(first + 1, second - first - 1));
}

/// The payload begins with the principal and ends with the scope. The times are between the two.
bool has_claims(const std::string& payload, std::string_view begin, std::string_view end) {
  return payload.starts_with(begin) && payload.ends_with(end);
}

std::string refusal_of(const std::string& config) {
  const auto made = make_unsecured_token(config);
  REQUIRE(std::holds_alternative<error>(made));
  CHECK(std::get<error>(made).code == errc::bad_setting);
  CHECK_FALSE(std::get<error>(made).retriable);
  return std::get<error>(made).text;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace

TEST_SUITE("unsecured_jwt") {
  TEST_CASE("an unsecured token has an unsigned header, the principal, the issue time and the "
            "expiry time") {
    const auto token = token_of("principal=alice");
    CHECK(token.principal == "alice");
    CHECK(token.extensions.empty());
    const auto payload = payload_of(token);
    CHECK(has_claims(payload, R"({"sub":"alice","iat":)", "}"));
    const auto expires
      = std::chrono::floor<std::chrono::seconds>(token.expires.time_since_epoch()).count();
    CHECK(has(payload, R"("iat":)" + std::to_string(expires - 3600) + ','));
    CHECK(has(payload, R"("exp":)" + std::to_string(expires) + '}'));
  }

  TEST_CASE("lifeSeconds sets the time between issue and expiry") {
    const auto token = token_of("lifeSeconds=1 principal=a");
    const auto expires
      = std::chrono::floor<std::chrono::seconds>(token.expires.time_since_epoch()).count();
    CHECK(has(payload_of(token), R"("iat":)" + std::to_string(expires - 1) + ','));
  }

  TEST_CASE("scopes become a list under the claim name that the configuration sets") {
    CHECK(has_claims(payload_of(token_of("principal=a scope=r,w")), R"({"sub":"a",)",
                     R"(,"scope":["r","w"]})"));
    CHECK(has_claims(payload_of(token_of("principal=a scope=r scopeClaimName=may "
                                         "principalClaimName=who")),
                     R"({"who":"a",)", R"(,"may":["r"]})"));
  }

  TEST_CASE("quotes and backslashes of a value are escaped in the payload") {
    CHECK(has_claims(payload_of(token_of(R"(principal=a"b\c)")), R"({"sub":"a\"b\\c",)", "}"));
  }

  TEST_CASE("extensions keep their names without the prefix, and values may contain `=`") {
    const auto token = token_of("extension_a=1  extension_b=x=y\tprincipal=p=q");
    CHECK(token.principal == "p=q");
    CHECK(token.extensions == std::map<std::string, std::string>{{"a", "1"}, {"b", "x=y"}});
  }

  TEST_CASE("a configuration without a principal is rejected") {
    CHECK(has(refusal_of(""), "the principal is missing"));
    CHECK(has(refusal_of("principal="), "the principal is missing"));
    CHECK(has(refusal_of("scope=a"), "the principal is missing"));
  }

  TEST_CASE("a rejection quotes neither names nor values, which may be secrets") {
    for (const auto* config :
         {"principal=a hunter2=x", "principal=a hunter2", "principal=a lifeSeconds=hunter2"}) {
      const auto text = refusal_of(config);
      CHECK(has(text, "sasl.oauthbearer.config"));
      CHECK_FALSE(has(text, "hunter2"));
    }
  }

  TEST_CASE("lifeSeconds must be a whole positive number that fits into 31 bits") {
    for (const std::string wrong : {"", "0", "-1", "+1", "1s", "1.5", "2147483648"})
      CHECK(has(refusal_of("principal=a lifeSeconds=" + wrong), "lifeSeconds must be"));
    CHECK(token_of("principal=a lifeSeconds=2147483647").principal == "a");
  }
}

#include <ottla/kafka/internal/text/readable_text.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

std::string decoded(std::string_view written) {
  return std::string{readable_text::decoded(written).text()};
}

} // namespace

TEST_SUITE("readable_text") {
  TEST_CASE("decoded() decodes escapes, including nested ones") {
    CHECK(decoded("") == "");
    CHECK(decoded("plain text, 100% & more") == "plain text, 100% & more");
    CHECK(decoded("%2f%2F%252f") == "///");
    CHECK(decoded(R"(\/\u002f\\u002F\x2f)") == "////");
    CHECK(decoded("&#47;&#x2F;&#X2f;&sol;&amp;#47;&#47.") == "//////.");
    CHECK(decoded(R"(\u0026#47;%26%2347%3b)") == "//");
    CHECK(decoded("\uff0f%EF%BC%8F&#xff0f;") == "///");
    CHECK(decoded(R"(\u00e0%C3%A0&#224;\ud83d\ude00)") == "ààà\U0001f600");
    CHECK(decoded(R"(\"a\" \\\"b\\\")") == "\"a\" \"b\"");
    CHECK(decoded(R"("a\\")") == R"("a\")");
  }

  TEST_CASE("decoded() keeps characters that only look like escapes") {
    for (const auto* text :
         {"%", "%2", "%zz", "&", "&x;", "&#;", "&#x;", "&#xz;", "&#47", "&#1114112;", "&token=1",
          "&ltoken=1", R"(\u)", R"(\u12)", R"(\q)", "\xef\xbc", "\xff", R"(\xz0)"})
      CHECK(decoded(text) == text);
  }

  TEST_CASE("as_written() keeps escapes") {
    const auto text = readable_text::as_written("a%2f");
    CHECK(text.text() == "a%2f");
    CHECK(text.is_plain(1));
  }

  TEST_CASE("decoded_but_letters() keeps a letter escape such as tab, which decoded() decodes") {
    CHECK(decoded(R"(\token)") == "\token");
    const auto text = readable_text::decoded_but_letters(R"(\token\u002f\\nan%2f)");
    CHECK(text.text() == R"(\token/\nan/)");
  }

  TEST_CASE("spelling() returns the original text of a decoded character") {
    const auto text = readable_text::decoded(R"(a%252f\u00e0&lt;z)");
    CHECK(text.text() == "a/à<z");
    CHECK(text.spelling(0) == "a");
    CHECK(text.is_plain(0));
    CHECK(text.spelling(1) == "%252f");
    CHECK_FALSE(text.is_plain(1));
    CHECK(text.spelling(2) == R"(\u00e0)");
    CHECK(text.spelling(3) == R"(\u00e0)");
    CHECK(text.spelling(4) == "&lt;");
    CHECK(text.spelling(5) == "z");
    CHECK(text.spelling(6).empty());
  }

  TEST_CASE("written_place converts a range of decoded characters to its place in the original, "
            "with whole escapes") {
    const auto text = readable_text::decoded("ab%2fcd&lt;ef");
    const auto written = [&](std::size_t begin, std::size_t end) {
      const auto place = text.written_place({begin, end});
      return std::string{"ab%2fcd&lt;ef"}.substr(place.begin, place.end - place.begin);
    };
    CHECK(written(2, 3) == "%2f");
    CHECK(written(0, 3) == "ab%2f");
    CHECK(written(5, 8) == "&lt;ef");
    CHECK(written(3, 3) == "");
  }

  TEST_CASE("hide replaces ranges in any order, and overlapping ranges once") {
    CHECK(hide("abcdef", {}) == "abcdef");
    CHECK(hide("abcdef", {{4, 6}, {0, 1}, {2, 2}}) == "***bcd***");
    CHECK(hide("abcdef", {{2, 4}, {1, 3}}) == "a***ef");
    CHECK(hide("abcdef", {{1, 5}, {2, 3}}) == "a***f");
    CHECK(hide("abcdef", {{1, 2}, {2, 3}}) == "a******def");
  }
}

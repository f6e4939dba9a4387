#include <ottla/kafka/internal/text/named_secrets.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace ottla::kafka;

namespace {

/// Returns the text with `***` for each value that find_named_values() finds.
std::string hidden(std::string_view text) {
  const auto readable = readable_text::as_written(text);
  std::vector<text_place> places;
  for (const auto place : find_named_values(readable))
    places.push_back(readable.written_place(place));
  return hide(text, places);
}

std::string value_at(std::string_view text, std::size_t begin = 0) {
  const auto place = place_of_value(readable_text::as_written(text), begin);
  return std::string{text.substr(place.begin, place.end - place.begin)};
}

std::string word_at(std::string_view text) {
  const auto readable = readable_text::as_written(text);
  return std::string{first_word(readable, 0)};
}

} // namespace

TEST_SUITE("named_secrets") {
  TEST_CASE("the value of a name that suggests a secret is found in every notation") {
    CHECK(hidden("password=hunter2") == "password=***");
    CHECK(hidden("api-key: hunter2") == "api-key: ***");
    CHECK(hidden(R"({"client_secret": "hunter2"})") == R"({"client_secret": "***"})");
    CHECK(hidden("<password>hunter2</password>") == "<password>***</password>");
    CHECK(hidden("--token hunter2") == "--token ***");
    CHECK(hidden("password 'hunter2'") == "password '***'");
    CHECK(hidden("password -> hunter2") == "password -> ***");
    CHECK(hidden("userPass := hunter2") == "userPass := ***");
  }

  TEST_CASE("a text keeps the values of names that say where or how a secret is stored") {
    for (const auto* text : {"password.file=/etc/pw", "ssl.key.location=/etc/key.pem",
                             "token_url=http://a/b", "keystore_type=PKCS12", "user=alice"})
      CHECK(hidden(text) == text);
  }

  TEST_CASE("short words that suggest a secret count only as the whole last part of a name") {
    CHECK(hidden("user_pass=hunter2") == "user_pass=***");
    CHECK(hidden("compass=north") == "compass=north");
    CHECK(hidden("spin=left") == "spin=left");
  }

  TEST_CASE("after a name such as `token: `, a word of lower-case letters counts as prose") {
    CHECK(hidden("no token: the provider is away") == "no token: the provider is away");
    CHECK(hidden("token: Hunter2") == "token: ***");
    CHECK(hidden("token=hunter") == "token=***");
    CHECK(hidden("password: hunter") == "password: ***");
  }

  TEST_CASE("the secret of an Authorization header follows the scheme") {
    CHECK(hidden("Authorization: Bearer abc.def") == "Authorization: Bearer ***");
  }

  TEST_CASE("all values of a text are found, and a value is not searched for further names") {
    CHECK(hidden("password=a, secret=b") == "password=***, secret=***");
    CHECK(hidden("password=secret=b c") == "password=*** c");
  }

  TEST_CASE("a name without a value has nothing to hide") {
    for (const auto* text : {"", "password", "password=", "wrong password", "a=b"})
      CHECK(hidden(text) == text);
  }

  TEST_CASE(
    "a value in quotes ends at the closing quote, even if it contains blanks and escaped quotes") {
    CHECK(value_at(R"("two words" more)") == "two words");
    CHECK(value_at(R"('it"s' more)") == R"(it"s)");
    CHECK(value_at(R"(\"nested\" more)") == "nested");
    CHECK(value_at(R"("not closed)") == "not closed");
  }

  TEST_CASE("a value in brackets ends at the matching bracket, or at the end of the text") {
    CHECK(value_at("[a, [b]] c") == "[a, [b]]");
    CHECK(value_at("{a: {b}") == "{a: {b}");
  }

  TEST_CASE("a value without quotes ends at an ASCII blank, and loses trailing punctuation") {
    CHECK(value_at("a,b;c next") == "a,b;c");
    CHECK(value_at("hunter2.") == "hunter2");
    CHECK(value_at("x=hunter2)", 2) == "hunter2");
    CHECK(value_at("a\u3000b c") == "a\u3000b");
    CHECK(value_at("") == "");
  }

  TEST_CASE("the first word ends at any blank unless it is in quotes") {
    CHECK(word_at("a\u3000b c") == "a");
    CHECK(word_at("\"a b\" c") == "a b");
  }
}

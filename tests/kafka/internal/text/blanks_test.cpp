#include <ottla/kafka/internal/text/blanks.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>

using namespace ottla::kafka;
using namespace std::string_view_literals;

TEST_SUITE("blanks") {
  TEST_CASE("ASCII blanks, control characters and NUL are blanks of one byte") {
    for (const auto one : {" x"sv, "\tx"sv, "\r\n"sv, "\0x"sv, "\x1bx"sv, "\x7fx"sv})
      CHECK(blank_at(one, 0) == 1);
    for (const auto one : {"a"sv, "!"sv, "~"sv, "0"sv})
      CHECK(blank_at(one, 0) == 0);
  }

  TEST_CASE("a blank of Unicode has the size of its UTF-8 encoding") {
    for (const auto one : {"\u0085"sv, "\u00a0"sv, "\u00ad"sv})
      CHECK(blank_at(one, 0) == 2);
    for (const auto one :
         {"\u1680"sv, "\u2000"sv, "\u200a"sv, "\u200b"sv, "\u2028"sv, "\u3000"sv, "\ufeff"sv})
      CHECK(blank_at(one, 0) == 3);
    CHECK(blank_at("\U000e0001"sv, 0) == 4);
  }

  TEST_CASE(
    "a character just outside a range of blanks is not a blank, whatever its UTF-8 length") {
    for (const auto one : {"à"sv, "\u00a1"sv, "\u1681"sv, "\u2010"sv, "\u2030"sv, "\u2801"sv,
                           "\u3001"sv, "\U0001f600"sv, "\U000e1000"sv})
      CHECK(blank_at(one, 0) == 0);
  }

  TEST_CASE("a byte that is not valid UTF-8 counts as a character of Latin-1") {
    CHECK(blank_at("\xa0x", 0) == 1); // the no-break space
    CHECK(blank_at("\xadx", 0) == 1); // the soft hyphen
    CHECK(blank_at("\xe0x", 0) == 0);
    CHECK(blank_at("\xe2\x80", 0) == 0); // the beginning of a blank of three bytes
    CHECK(blank_at("\xc0\xa0", 0) == 0); // an overlong space
  }

  TEST_CASE("a search that starts at or after the end of a text finds no blank") {
    for (const auto at : {0U, 1U, 100U})
      CHECK(skip_blanks("", at) == 0);
    CHECK(skip_blanks("a ", 100) == 2);
    CHECK(find_blank("a ", 100) == 2);
    CHECK(invisible_at("a", 1) == 0);
  }

  TEST_CASE("an invisible character is a blank without a width") {
    for (const auto one : {"\u200b"sv, "\u2060"sv, "\ufeff"sv, "\u00ad"sv}) {
      CHECK(invisible_at(one, 0) == one.size());
      CHECK(blank_at(one, 0) == one.size());
    }
    for (const auto one : {" "sv, "\n"sv, "\u00a0"sv, "\u3000"sv, "a"sv})
      CHECK(invisible_at(one, 0) == 0);
  }

  TEST_CASE("skip_blanks() and find_blank() step over whole characters") {
    constexpr auto text = " \u3000\u200bvoilà, b"sv;
    const auto word = skip_blanks(text, 0);
    CHECK(text.substr(word) == "voilà, b");
    // The last byte of à is the no-break space of Latin-1.
    CHECK(text.substr(word, find_blank(text, word) - word) == "voilà,");
    CHECK(find_blank("voilà", 0) == "voilà"sv.size());
  }

  TEST_CASE("a text is blank if it has only blanks or nothing") {
    CHECK(is_blank(""));
    CHECK(is_blank(" \u3000\n\u200b"));
    CHECK_FALSE(is_blank(" . "));
  }

  TEST_CASE("without_blanks_around() keeps the blanks between words") {
    CHECK(without_blanks_around("\ufeff a \u3000 b\u00a0\n") == "a \u3000 b");
    CHECK(without_blanks_around("voilà") == "voilà");
    CHECK(without_blanks_around(" \n") == "");
    CHECK(without_blanks_around("") == "");
  }
}

#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("on_one_line") {
  TEST_CASE("control characters of ASCII become visible escapes") {
    CHECK(on_one_line("a\nb\r\tc") == "a\\nb\\r\\tc");
    CHECK(on_one_line(std::string{"\0\x01\x1b[31m\x7f", 8}) == "\\x00\\x01\\x1b[31m\\x7f");
  }

  TEST_CASE("bytes other than ASCII control characters stay unchanged, as do backslashes") {
    CHECK(on_one_line("") == "");
    CHECK(on_one_line("a \\n ~ à \xff") == "a \\n ~ à \xff");
  }

  TEST_CASE("on_one_line() leaves no ASCII control character in a text") {
    std::string all;
    for (int code = 0; code < 256; ++code)
      all += static_cast<char>(code);
    for (const auto one : on_one_line(all)) {
      const auto byte = static_cast<unsigned char>(one);
      CHECK((byte >= 0x20 && byte != 0x7f));
    }
  }
}

#include <ottla/kafka/internal/text/cut_text.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("cut_text") {
  TEST_CASE("cut_text keeps a text of up to 8 KiB, and cuts a longer text to its first 8 KiB") {
    const std::string longest(8192, 'a');
    CHECK(cut_text("") == "");
    CHECK(cut_text(longest) == longest);
    CHECK(cut_text(longest + 'b') == longest + "…");
  }

  TEST_CASE("cut_text does not split a UTF-8 character") {
    const std::string before(8190, 'a');
    CHECK(cut_text(before + "€uro") == before + "…");
    CHECK(cut_text(before + "éa") == before + "é…");
    CHECK(cut_text(std::string(9000, '\x80')) == std::string(8192, '\x80') + "…");
  }
}

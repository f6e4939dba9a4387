#include "word_counter.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace {

std::map<std::string, std::uint64_t> counted(std::string_view text) {
  word_counts counts;
  count_words(text, counts);
  return {counts.begin(), counts.end()};
}

using words = std::map<std::string, std::uint64_t>;

} // namespace

TEST_SUITE("word_counter") {
  TEST_CASE("words are runs of ASCII letters and digits, and are counted in lower case") {
    CHECK(counted("The GPL-3, the gpl 3!") == words{{"the", 2}, {"gpl", 2}, {"3", 2}});
    CHECK(counted("it's") == words{{"it", 1}, {"s", 1}});
    CHECK(counted("a_b") == words{{"a", 1}, {"b", 1}});
  }

  TEST_CASE("a text without words adds no counts") {
    CHECK(counted("").empty());
    CHECK(counted(" \t-\r\n").empty());
    CHECK(counted("-a-") == words{{"a", 1}});
  }

  TEST_CASE("non-ASCII bytes separate words, as in tr in the C locale") {
    CHECK(counted("na\xc3\xafve caf\xe9") == words{{"na", 1}, {"ve", 1}, {"caf", 1}});
  }

  TEST_CASE("count_words adds to existing counts") {
    word_counts counts;
    count_words("a b", counts);
    count_words("b c", counts);
    CHECK(counts.at("a") == 1);
    CHECK(counts.at("b") == 2);
  }
}

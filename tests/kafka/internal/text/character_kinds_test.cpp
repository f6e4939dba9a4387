#include <ottla/kafka/internal/text/character_kinds.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

/// All characters, from 0 to 255, for which `is_one` is true.
template <class Predicate>
std::string all(Predicate is_one) {
  std::string found;
  for (int code = 0; code < 256; ++code)
    if (is_one(static_cast<char>(code)))
      found += static_cast<char>(code);
  return found;
}

const std::string small = "abcdefghijklmnopqrstuvwxyz";
const std::string capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const std::string digits = "0123456789";

} // namespace

TEST_SUITE("character_kinds") {
  TEST_CASE("only ASCII letters and ASCII digits count as letters and digits") {
    CHECK(all(is_small) == small);
    CHECK(all(is_capital) == capitals);
    CHECK(all(is_digit) == digits);
    CHECK(all(is_letter_or_digit) == digits + capitals + small);
  }
}

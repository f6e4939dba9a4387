#include <ottla/registry/internal/bytes.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <vector>

using namespace ottla::detail;

namespace {

/// A text in a heap block of exactly its size, so that AddressSanitizer reports any read past it.
std::vector<char> block(const std::string& text) {
  std::vector<char> exact(text.begin(), text.end());
  exact.shrink_to_fit();
  return exact;
}

} // namespace

TEST_SUITE("bytes") {
  TEST_CASE("equal() agrees with memcmp for texts of 0 to 40 bytes that differ in one byte") {
    for (std::size_t size = 0; size <= 40; ++size) {
      const auto left = block(std::string(size, 'x'));
      CHECK(equal(left.data(), block(std::string(size, 'x')).data(), size));
      for (std::size_t at = 0; at < size; ++at)
        for (const char other : {'y', '\0', '\xff'}) {
          auto right = left;
          right[at] = other;
          REQUIRE_FALSE(equal(left.data(), right.data(), size));
          // A difference after the compared bytes does not count.
          REQUIRE(equal(left.data(), right.data(), at));
        }
    }
  }

  TEST_CASE("load_up_to_8() reads each byte of a text of up to 8 bytes") {
    for (std::size_t size = 0; size <= 8; ++size) {
      auto text = block(std::string(size, 'x'));
      std::set<std::uint64_t> loaded{load_up_to_8(text.data(), size)};
      for (auto& one : text) {
        one = 'y';
        loaded.insert(load_up_to_8(text.data(), size));
        one = 'x';
      }
      CHECK(loaded.size() == size + 1);
    }
  }

  TEST_CASE("load() reads a word at any address") {
    const std::string text = "0123456789";
    for (std::size_t at = 0; at < 3; ++at) {
      std::uint64_t expected = 0;
      std::memcpy(&expected, text.data() + at, sizeof expected);
      CHECK(load<std::uint64_t>(text.data() + at) == expected);
    }
  }
}

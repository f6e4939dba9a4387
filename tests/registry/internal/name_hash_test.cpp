#include <ottla/registry/internal/name_hash.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace ottla::detail;

TEST_SUITE("name_hash") {
  TEST_CASE("equal names have equal hashes, wherever they are stored") {
    for (std::size_t size = 0; size <= 40; ++size) {
      const std::string name(size, 'x');
      const auto shifted = "1" + name;
      CHECK(name_hash::of(name) == name_hash::of(std::string_view{shifted}.substr(1)));
    }
  }

  TEST_CASE("each byte of a name, even a NUL byte, and the length of the name change the hash") {
    std::set<std::uint64_t> hashes;
    std::size_t names = 0;
    for (std::size_t size = 0; size <= 40; ++size) {
      hashes.insert(name_hash::of(std::string(size, '\0')));
      ++names;
      for (std::size_t at = 0; at < size; ++at) {
        std::string name(size, '\0');
        name[at] = 'x';
        hashes.insert(name_hash::of(name));
        ++names;
      }
    }
    CHECK(hashes.size() == names);
  }

  TEST_CASE(
    "the hashes of numbered names are evenly distributed in their lowest and highest bits") {
    constexpr std::size_t names = 64'000;
    constexpr std::size_t buckets = 64;
    std::vector<std::size_t> lowest(buckets);
    std::vector<std::size_t> highest(buckets);
    for (std::size_t number = 0; number < names; ++number) {
      const auto hash = name_hash::of("session-" + std::to_string(number));
      ++lowest[hash % buckets];
      ++highest[hash >> 58U];
    }
    // Each bucket should get 1,000 names. A random spread stays within 6 standard deviations,
    // which are 190.
    for (const auto& counts : {lowest, highest})
      for (const auto count : counts) {
        CHECK(count > 800);
        CHECK(count < 1'200);
      }
  }
}

#include <ottla/registry/internal/slab.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

using namespace ottla::detail;

namespace {

struct piece {
  std::byte* start;
  std::size_t bytes;
};

/// Takes pieces of sizes over the whole range, and fills them so that a test detects an overlap.
std::vector<piece> pieces_of(slab& from, std::size_t count) {
  std::vector<piece> taken;
  for (std::size_t each = 0; each < count; ++each) {
    const auto bytes = 1 + each * 37 % slab::largest;
    auto* const start = static_cast<std::byte*>(from.take(bytes));
    std::memset(start, static_cast<int>(each % 251), bytes);
    taken.push_back({start, bytes});
  }
  return taken;
}

} // namespace

TEST_SUITE("slab") {
  TEST_CASE("pieces of small and large blocks are aligned and do not overlap") {
    slab from;
    const auto taken = pieces_of(from, 4000);
    REQUIRE(from.size() > 2 * slab::small_until);
    std::size_t wrong = 0;
    for (std::size_t each = 0; each < taken.size(); ++each) {
      const auto& [start, bytes] = taken[each];
      wrong += reinterpret_cast<std::uintptr_t>(start) % slab::alignment != 0;
      wrong += !std::all_of(start, start + bytes, [each](std::byte one) {
        return static_cast<std::size_t>(one) == each % 251;
      });
    }
    CHECK(wrong == 0);
  }

  TEST_CASE("memory that was given back is reused before the slab grows") {
    slab from;
    const auto taken = pieces_of(from, 4000);
    const auto size = from.size();
    std::set<void*> before;
    for (const auto& each : taken) {
      before.insert(each.start);
      from.give_back(each.start, each.bytes);
    }
    std::set<void*> after;
    for (const auto& each : pieces_of(from, 4000))
      after.insert(each.start);
    CHECK(before == after);
    CHECK(from.size() == size);
  }

  TEST_CASE("a slab with one small piece takes at most 64 KiB") {
    slab from;
    CHECK(from.size() == 0);
    static_cast<void>(from.take(100));
    CHECK(from.size() <= 64 << 10);
  }

  TEST_CASE("a thread can give back memory that another thread took") {
    slab from;
    std::vector<std::vector<piece>> taken(4);
    std::vector<std::thread> threads;
    for (auto& mine : taken)
      threads.emplace_back([&] { mine = pieces_of(from, 500); });
    for (auto& each : threads)
      each.join();
    threads.clear();
    for (std::size_t each = 0; each < taken.size(); ++each)
      threads.emplace_back([&, each] {
        for (const auto& one : taken[(each + 1) % taken.size()])
          from.give_back(one.start, one.bytes);
      });
    for (auto& each : threads)
      each.join();
    const auto size = from.size();
    std::set<void*> different;
    for (std::size_t each = 0; each < taken.size(); ++each)
      for (const auto& one : pieces_of(from, 500))
        different.insert(one.start);
    CHECK(different.size() == 2000);
    CHECK(from.size() == size);
  }
}

#include <ottla/registry/internal/name_hash.hpp>
#include <ottla/registry/internal/name_index.hpp>
#include <ottla/registry/internal/read_section.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::detail;

namespace {

/// An index with entries that have no holder.
struct filled {
  explicit filled(int count) {
    for (int number = 0; number < count; ++number)
      add(std::to_string(number));
  }

  ~filled() {
    for (auto* each : entries)
      entry::dispose(each);
  }

  entry* add(const std::string& name, std::uint64_t hash) {
    entries.push_back(entry::make(name, hash, {}, holding::weak, nullptr));
    index.insert(entries.back());
    return entries.back();
  }
  entry* add(const std::string& name) { return add(name, name_hash::of(name)); }

  const entry* find(const std::string& name) const {
    return std::as_const(index).find(name_hash::of(name), name);
  }

  std::multiset<std::string> walked() const {
    std::multiset<std::string> names;
    std::uint64_t next = 0;
    do {
      const read_section reading;
      next = index.walk(next, [&](const entry& each) { names.emplace(each.name()); });
    } while (++next != 0);
    return names;
  }

  limbo removed;
  name_index index{removed};
  std::vector<entry*> entries;
};

} // namespace

TEST_SUITE("name_index") {
  TEST_CASE("find returns every inserted name and no other name at any size") {
    filled on{0};
    CHECK(on.find("0") == nullptr);
    for (int number = 0; number < 30'000; ++number) {
      const auto* last = on.add(std::to_string(number));
      REQUIRE(on.find(std::to_string(number)) == last);
    }
    for (int number = 0; number < 30'000; ++number) {
      REQUIRE(on.find(std::to_string(number)) == on.entries[static_cast<std::size_t>(number)]);
      REQUIRE(on.find("no " + std::to_string(number)) == nullptr);
    }
  }

  TEST_CASE("names with the same hash are distinguished") {
    filled on{0};
    std::vector<const entry*> all;
    for (int number = 0; number < 100; ++number)
      all.push_back(on.add(std::to_string(number), 42));
    for (std::size_t number = 0; number < 100; ++number)
      CHECK(std::as_const(on.index).find(42, std::to_string(number)) == all[number]);
    CHECK(std::as_const(on.index).find(42, "100") == nullptr);
  }

  TEST_CASE("an insert fails if a segment is full of names with the same hash") {
    filled on{1'000};
    for (int number = 0; number < 160; ++number)
      on.add("alike " + std::to_string(number), 42);
    auto* one_more = entry::make("one more", 42, {}, holding::weak, nullptr);
    on.entries.push_back(one_more);
    CHECK_THROWS_AS(on.index.insert(one_more), std::length_error);
    CHECK(std::as_const(on.index).find(42, "alike 159") != nullptr);
    CHECK(on.find("999") != nullptr);
  }

  TEST_CASE("replace exchanges the entry of a name or removes the name") {
    filled on{500};
    auto* other = entry::make("7", name_hash::of("7"), {}, holding::weak, nullptr);
    on.index.replace(on.find("7"), other);
    on.entries.push_back(other);
    CHECK(on.find("7") == other);
    on.index.replace(other, nullptr);
    CHECK(on.find("7") == nullptr);
    CHECK(on.find("8") != nullptr);
    CHECK(on.walked().size() == 499);
  }

  TEST_CASE("a walk sees each name once, even if segments split during the walk") {
    for (const int count : {0, 1, 150, 170, 5'000}) {
      const filled on{count};
      const auto names = on.walked();
      CHECK(names.size() == static_cast<std::size_t>(count));
      CHECK(std::set<std::string>{names.begin(), names.end()}.size() == names.size());
    }
    filled on{2'000};
    std::multiset<std::string> names;
    std::uint64_t next = 0;
    int added = 0;
    do {
      next = on.index.walk(next, [&](const entry& each) { names.emplace(each.name()); });
      for (int number = 0; added < 10'000 && number < 1'000; ++number)
        on.add("new " + std::to_string(added++));
    } while (++next != 0);
    for (int number = 0; number < 2'000; ++number)
      REQUIRE(names.count(std::to_string(number)) == 1);
  }

  TEST_CASE("hashes of similar names are evenly distributed") {
    std::set<std::uint64_t> first_bits;
    std::set<std::uint64_t> last_bits;
    std::set<std::uint64_t> all;
    for (int number = 0; number < 4'096; ++number) {
      const auto hash = name_hash::of("worker/orders/" + std::to_string(number));
      first_bits.insert(hash >> 52);
      last_bits.insert(hash & 4095);
      all.insert(hash);
    }
    // 4,096 random draws from 4,096 values give 2,589 different ones.
    CHECK(first_bits.size() > 2'450);
    CHECK(last_bits.size() > 2'450);
    CHECK(all.size() == 4'096);
    std::set<std::uint64_t> lengths;
    for (std::size_t length = 0; length <= 64; ++length)
      lengths.insert(name_hash::of(std::string(length, '\0')));
    CHECK(lengths.size() == 65);
  }
}

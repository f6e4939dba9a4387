#include <ottla/supervision/internal/child_table.hpp>

#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace ottla;

namespace {

child_row row(const std::string& id) {
  return {.spec = std::make_shared<const child_spec>(child_spec{.id = id})};
}

} // namespace

TEST_SUITE("child_table") {
  TEST_CASE("an empty child_table has no ids and finds no child") {
    child_table table;
    CHECK(table.empty());
    CHECK(table.find("a") == nullptr);
    CHECK(table.ids().empty());
  }

  TEST_CASE("an erased child can be added again at the end of the table") {
    child_table table;
    table.add(row("a"));
    table.add(row("b"));
    table.erase(*table.find("a"));
    CHECK(table.find("a") == nullptr);
    table.add(row("a"));
    CHECK(table.ids() == std::vector<std::string>{"b", "a"});
    CHECK(table.back().id() == "a");
  }

  TEST_CASE("random operations on a child_table agree with an ordered list, and rows keep their "
            "addresses") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 100; ++round) {
      child_table table;
      std::vector<std::pair<std::string, const child_row*>> expected;
      for (int step = 0; step < 200; ++step) {
        const auto id = "child" + std::to_string(random() % 30);
        const auto there
          = std::ranges::find(expected, id, [](const auto& each) { return each.first; });
        const auto* found = table.find(id);
        REQUIRE(found == (there == expected.end() ? nullptr : there->second));
        if (random() % 100 == 0) {
          table.clear();
          expected.clear();
        } else if (found == nullptr) {
          expected.emplace_back(id, &table.add(row(id)));
        } else if (random() % 2 == 0) {
          table.erase(*found);
          expected.erase(there);
        }
        REQUIRE(table.size() == expected.size());
        REQUIRE(table.empty() == expected.empty());
        std::vector<std::string> ids;
        for (const auto& [each, where] : expected)
          ids.push_back(each);
        REQUIRE(table.ids() == ids);
        REQUIRE(std::equal(table.begin(), table.end(), expected.begin(), expected.end(),
                           [](const child_row& real, const auto& one) {
                             return &real == one.second && real.id() == one.first;
                           }));
        if (!expected.empty())
          REQUIRE(&table.back() == expected.back().second);
      }
    }
  }
}

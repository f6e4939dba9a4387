#include <ottla/registry/name_table.hpp>

#include "support/registry_stage.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace ottla;
using namespace ottla::test;

namespace {

bool is_found(const name_table& table, std::string_view name) {
  return table.visit(name, [](const caf::actor&) {});
}

} // namespace

// The table holds supervised children, so a dead child stays in the table until its name is
// released.

TEST_SUITE("name_table: dead children") {
  TEST_CASE_FIXTURE(two_claimants, "a dead child that is still registered is not found") {
    REQUIRE(table.claim_held("x", a) == a);
    end_abruptly(a);
    REQUIRE(table.size() == 1);
    int dispatched = 0;
    CHECK_FALSE(table.whereis("x"));
    CHECK_FALSE(is_found(table, "x"));
    CHECK_FALSE(table.keep("x"));
    CHECK(table.lookup("x").empty());
    CHECK(table.dispatch("x", [&](const caf::actor&, const name_value&) { ++dispatched; }) == 0);
    CHECK(dispatched == 0);
    CHECK(table.select("").empty());
    CHECK(table.values("x", a.address()).empty());
    CHECK(table.names_of(a.address()).empty());
    CHECK(table.claim_held("x", b) == b);
    CHECK(table.whereis("x") == b);
  }

  TEST_CASE_FIXTURE(two_subscribers, "look-ups of a duplicate name skip dead children") {
    const auto c = start(child("c")).process;
    for (const auto& each : {a, b, c})
      table.claim_held("x", each);
    end_abruptly(a);
    end_abruptly(c);
    REQUIRE(table.size() == 3);
    std::vector<caf::actor> reached;
    CHECK(table.dispatch("x", [&](const caf::actor& who, const name_value&) {
      reached.push_back(who);
    }) == 1);
    CHECK(reached == std::vector{b});
    REQUIRE(table.lookup("x").size() == 1);
    CHECK(table.lookup("x").front().holder == b);
    CHECK(table.select("").size() == 1);
    CHECK(table.whereis("x") == b);
    caf::actor seen;
    CHECK(table.visit("x", [&](const caf::actor& who) { seen = who; }));
    CHECK(seen == b);
    CHECK(table.keep("x"));
  }
}

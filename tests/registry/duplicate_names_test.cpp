#include <ottla/registry/name_table.hpp>

#include "registry/registered_text.hpp"
#include "support/registry_stage.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::test;

TEST_SUITE("name_table with duplicate names") {
  TEST_CASE_FIXTURE(
    two_subscribers,
    "processes that claim a duplicate name are listed in the order of their claims") {
    CHECK(table.claim("orders", a, 1) == a);
    CHECK(table.claim("orders", b, 2) == b);
    CHECK(table.claim("orders", a, 3) == a);
    CHECK(table.claim("payments", b, 4) == b);
    CHECK(text(table.lookup("orders")) == "orders=1, orders=2, orders=3");
    CHECK(table.size() == 4);
    CHECK(table.whereis("orders") == a);
    CHECK(table.names_of(a.address()) == std::vector<std::string>{"orders", "orders"});
    const auto values = table.values("orders", a.address());
    REQUIRE(values.size() == 2);
    CHECK(*value_as<int>(values[1]) == 3);
    CHECK(text(table.select("")) == "orders=1, orders=2, orders=3, payments=4");
  }

  TEST_CASE_FIXTURE(two_subscribers,
                    "dispatch reaches all living processes under a name and returns their number") {
    const auto c = start(child("c")).process;
    happened();
    for (const auto& each : {a, b, c})
      table.claim("orders", each, 5);
    end_abruptly(b);
    happened();
    const auto send_value = [](const caf::actor& who, const name_value& value) {
      post(who, note{"got " + std::to_string(*value_as<int>(value))});
    };
    CHECK(table.dispatch("orders", send_value) == 2);
    CHECK(table.dispatch("payments", send_value) == 0);
    time.run();
    CHECK(happened() == "got 5, got 5");
    // whereis skips dead holders, too.
    end_abruptly(a);
    CHECK(table.whereis("orders") == c);
  }

  TEST_CASE_FIXTURE(
    two_subscribers,
    "release removes all registrations of a process under a name, and release_if removes "
    "only matching registrations") {
    for (const int value : {1, 2, 3}) {
      table.claim("orders", a, value);
      table.claim("orders", b, 10 * value);
    }
    table.claim("payments", a);
    CHECK(table.release_if("orders", a.address(), [](const name_value& value) {
      return *value_as<int>(value) != 2;
    }) == 2);
    CHECK(text(table.lookup("orders")) == "orders=10, orders=2, orders=20, orders=30");
    table.release("orders", b.address());
    CHECK(text(table.lookup("orders")) == "orders=2");
    table.release("orders", a.address());
    CHECK(table.lookup("orders").empty());
    CHECK(table.names_of(a.address()) == std::vector<std::string>{"payments"});
    CHECK(table.names_of(b.address()).empty());
    CHECK(table.claim("orders", b, 7) == b);
    CHECK(text(table.lookup("orders")) == "orders=7");
  }

  TEST_CASE("holders of a duplicate name can release it in any order") {
    stage on;
    std::vector<caf::actor> all;
    for (const auto* id : {"a", "b", "c", "d"})
      all.push_back(on.start(on.child(id)).process);
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
      name_table table{"topics", key_rule::duplicate};
      for (int number = 0; number < 4; ++number)
        table.claim("x", all[static_cast<std::size_t>(number)], number);
      std::string left = "x=0, x=1, x=2, x=3";
      for (const auto which : order) {
        table.release("x", all[which].address());
        const auto gone = "x=" + std::to_string(which);
        const auto at = left.find(gone);
        left.erase(at, gone.size() + 2);
        if (left.ends_with(", "))
          left.resize(left.size() - 2);
        REQUIRE(text(table.lookup("x")) == left);
        // A new holder comes after all others.
        table.claim("x", all[which], 9);
        REQUIRE(text(table.lookup("x")) == (left.empty() ? "x=9" : left + ", x=9"));
        table.release("x", all[which].address());
      }
    } while (std::next_permutation(order.begin(), order.end()));
  }

  TEST_CASE("several children can share a duplicate name") {
    registry_stage on{key_rule::duplicate};
    for (const auto* id : {"a", "b"}) {
      auto spec = on.child(id);
      spec.name = "t/orders";
      CHECK(on.start(spec).up());
    }
    CHECK(on.table->lookup("orders").size() == 2);
    on.end_abruptly(on.process("a"));
    CHECK(on.table->whereis("orders") == on.process("b"));
    CHECK(on.table->size() == 1);
  }
}

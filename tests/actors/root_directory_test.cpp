#include "support/stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

TEST_SUITE("root_directory") {
  TEST_CASE("the first process that claims a name holds the name") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    CHECK(on.names->claim("x", a) == a);
    CHECK(on.names->claim("x", b) == a);
    CHECK(on.names->claim("x", a) == a);
    CHECK(on.names->whereis("x") == a);
  }

  TEST_CASE("an invalid name is rejected with an error that quotes the name") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    CHECK_THROWS_WITH(on.names->claim("two\nlines", a),
                      "a name must not contain control characters, got \"two\\nlines\"");
    CHECK_FALSE(on.names->whereis("two\nlines"));
  }

  TEST_CASE("an invalid mount prefix is rejected with an error that quotes the prefix") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    const auto below = std::make_shared<root_directory>();
    CHECK_THROWS_WITH(on.names->mount("a/b", below), "a prefix must not contain '/', got \"a/b\"");
    CHECK_THROWS_WITH(on.names->mount_for(a, "a/b", below),
                      "a prefix must not contain '/', got \"a/b\"");
    CHECK_THROWS_WITH(on.names->mount_for(a, "", below), "a name must not be empty, got \"\"");
    CHECK_THROWS_WITH(on.names->mount_for(a, "a\nb", below),
                      "a name must not contain control characters, got \"a\\nb\"");
    CHECK_FALSE(on.names->mounted("a/b"));
  }

  TEST_CASE("only the holder of a name can release the name") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    on.names->claim("x", a);
    on.names->release("x", b.address());
    CHECK(on.names->whereis("x") == a);
    on.names->release("x", a.address());
    CHECK_FALSE(on.names->whereis("x"));
    CHECK(on.names->claim("x", b) == b);
  }

  TEST_CASE("a dead holder is not found, and its name can be claimed") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    on.names->claim("x", a);
    on.end_abruptly(a);
    CHECK_FALSE(on.names->whereis("x"));
    CHECK(on.names->claim("x", b) == b);
  }

  TEST_CASE("a mounted directory resolves all names below its prefix") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    auto below = std::make_shared<root_directory>();
    CHECK(on.names->mount("orders", below));
    CHECK(on.names->claim("orders/worker/3", a) == a);
    CHECK(below->whereis("worker/3") == a);
    CHECK(on.names->whereis("orders/worker/3") == a);
    CHECK_FALSE(on.names->whereis("payments/worker/3"));
    on.names->release("orders/worker/3", a.address());
    CHECK_FALSE(below->whereis("worker/3"));
  }

  TEST_CASE("a mounted directory that is replaced may look names up while it is destroyed") {
    struct farewell : root_directory {
      explicit farewell(std::shared_ptr<directory> above) : above{std::move(above)} {}
      ~farewell() override { above->whereis("x"); }
      std::shared_ptr<directory> above;
    };
    stage on;
    const auto a = on.start(on.child("a")).process;
    CHECK(on.names->mount("below", std::make_shared<farewell>(on.names)));
    CHECK(on.names->mount("below", std::make_shared<farewell>(on.names)));
    CHECK(on.names->mount_for(a, "below", std::make_shared<root_directory>()) == a);
  }

  TEST_CASE("a second mount at a prefix replaces the first") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    on.names->mount("orders", std::make_shared<root_directory>());
    on.names->claim("orders/x", a);
    on.names->mount("orders", std::make_shared<root_directory>());
    CHECK_FALSE(on.names->whereis("orders/x"));
  }

  TEST_CASE(
    "a process that mounts at a prefix owns the prefix until the process ends or unmounts") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    const auto first = std::make_shared<root_directory>();
    const auto second = std::make_shared<root_directory>();
    CHECK(on.names->mount_for(a, "orders", first) == a);
    CHECK(on.names->mount_for(b, "orders", second) == a);
    CHECK_FALSE(on.names->mount("orders", second));
    CHECK(on.names->mounted("orders") == first);
    CHECK(on.names->mount_for(b, "payments", second) == b);
    SUBCASE("the owner can mount again") {
      CHECK(on.names->mount_for(a, "orders", second) == a);
      CHECK(on.names->mounted("orders") == second);
    }
    SUBCASE("another process can mount after the owner's death") {
      on.end_abruptly(a);
      CHECK(on.names->mounted("orders") == first);
      CHECK(on.names->mount_for(b, "orders", second) == b);
      CHECK(on.names->mounted("orders") == second);
    }
    SUBCASE("another process can mount after unmount") {
      on.names->unmount(b.address());
      CHECK(on.names->mount_for(b, "orders", second) == a);
      on.names->unmount(a.address());
      CHECK(on.names->mount_for(b, "orders", second) == b);
    }
  }

  TEST_CASE("a mount fails while a living process holds a name below the prefix") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    const auto below = std::make_shared<root_directory>();
    on.names->claim("orders/x", a);
    on.names->claim("orders-2/x", b);
    CHECK(on.names->mount_for(b, "orders", below) == a);
    CHECK(on.names->whereis("orders/x") == a);
    on.end_abruptly(a);
    CHECK(on.names->mount_for(b, "orders", below) == b);
  }

  TEST_CASE("a dead process cannot mount") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    on.end_abruptly(a);
    CHECK_FALSE(on.names->mount_for(a, "orders", std::make_shared<root_directory>()));
    CHECK_FALSE(on.names->mounted("orders"));
  }

  TEST_CASE("visit and claim_held of a name below a mount prefix go to the mounted directory") {
    stage on;
    auto below = std::make_shared<root_directory>();
    CHECK_FALSE(on.names->mounted("orders"));
    on.names->mount("orders", below);
    CHECK(on.names->mounted("orders") == below);
    const auto a = on.start(on.child("a")).process;
    CHECK(on.names->claim_held("orders/x", a) == a);
    CHECK(below->whereis("x") == a);
    caf::actor seen;
    CHECK(on.names->visit("orders/x", [&](const caf::actor& who) { seen = who; }));
    CHECK(seen == a);
    CHECK_FALSE(on.names->visit("x", [](const caf::actor&) {}));
    CHECK_FALSE(on.names->keep("orders/x"));
  }

  TEST_CASE("a dead process cannot claim a name") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    on.end_abruptly(a);
    CHECK_FALSE(on.names->claim("x", a));
    const auto b = on.start(on.child("b")).process;
    CHECK(on.names->claim("x", b) == b);
  }
}

// The examples in Elixir's documentation of Registry, one by one. Where Elixir takes the calling
// process, ottla takes any process.

#include <ottla/registry/name_table.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

namespace {

using strings = std::vector<std::string>;

struct kept : stage {
  caf::actor self = start(child("self")).process;
  caf::actor other = start(child("other")).process;
  name_table unique{"unique"};
  name_table duplicate{"duplicate", key_rule::duplicate};
};

/// Formats rows as in `self: world, other: later`.
std::string shown(const kept& on, const std::vector<registered>& rows) {
  std::string text;
  for (const auto& row : rows) {
    const auto* value = value_as<std::string>(row.value);
    text += (text.empty() ? "" : ", ") + std::string{row.holder == on.self ? "self" : "other"}
            + ": " + (value != nullptr ? *value : "none");
  }
  return text;
}

std::string text(const name_value& value) {
  const auto* content = value_as<std::string>(value);
  return content != nullptr ? *content : "none";
}

std::any world(const char* text) {
  return std::string{text};
}

auto equals(std::string what) {
  return [what = std::move(what)](const name_value& value) { return text(value) == what; };
}

} // namespace

TEST_SUITE("Registry of Elixir") {
  TEST_CASE("register: a later claim of a unique name returns the holder") {
    kept on;
    CHECK(on.unique.claim("hello", on.self, world("world")) == on.self);
    CHECK(on.unique.claim("hello", on.other, world("later")) == on.self);
    CHECK(on.unique.claim("hello", on.self, world("later")) == on.self);
    CHECK(shown(on, on.unique.lookup("hello")) == "self: world");
    CHECK(on.unique.names_of(on.self.address()) == strings{"hello"});
    CHECK(on.unique.names_of(on.other.address()).empty());
  }

  TEST_CASE("register: a process can hold a duplicate name several times") {
    kept on;
    on.duplicate.claim("hello", on.self, world("world"));
    on.duplicate.claim("hello", on.self, world("world"));
    CHECK(on.duplicate.names_of(on.self.address()) == strings{"hello", "hello"});
  }

  TEST_CASE("keys: names_of returns the names of one process, and no names for a dead process") {
    kept on;
    CHECK(on.unique.names_of(on.self.address()).empty());
    on.unique.claim("one", on.self);
    on.unique.claim("two", on.self);
    on.unique.claim("three", on.other);
    CHECK(on.unique.names_of(on.self.address()) == strings{"one", "two"});
    on.end_abruptly(on.self);
    CHECK(on.unique.names_of(on.self.address()).empty());
  }

  TEST_CASE("unregister: release frees a unique name and removes all of the process's duplicates") {
    kept on;
    on.unique.claim("hello", on.self);
    on.unique.release("hello", on.self.address());
    CHECK(on.unique.names_of(on.self.address()).empty());
    on.duplicate.claim("hello", on.self, world("one"));
    on.duplicate.claim("hello", on.other, world("other"));
    on.duplicate.claim("hello", on.self, world("two"));
    on.duplicate.release("hello", on.self.address());
    CHECK(shown(on, on.duplicate.lookup("hello")) == "other: other");
    // A release of a name that `self` does not have changes nothing.
    on.duplicate.release("hello", on.self.address());
    on.duplicate.release("nobody's", on.self.address());
    CHECK(on.duplicate.size() == 1);
  }

  TEST_CASE("unregister_match: release_if removes only registrations whose value matches") {
    kept on;
    on.unique.claim("hello", on.self, world("world"));
    CHECK(on.unique.release_if("hello", on.self.address(), equals("foo")) == 0);
    CHECK(on.unique.names_of(on.self.address()) == strings{"hello"});
    CHECK(on.unique.release_if("hello", on.self.address(), equals("world")) == 1);
    CHECK(on.unique.names_of(on.self.address()).empty());
    for (const auto* value : {"world_a", "world_b", "world_c"})
      on.duplicate.claim("hello", on.self, world(value));
    on.duplicate.claim("hello", on.other, world("world_a"));
    CHECK(on.duplicate.release_if("hello", on.self.address(), equals("world_a")) == 1);
    CHECK(shown(on, on.duplicate.lookup("hello"))
          == "self: world_b, self: world_c, other: world_a");
  }

  TEST_CASE("lookup: lists the living processes under a name with their values") {
    kept on;
    CHECK(on.unique.lookup("hello").empty());
    on.unique.claim("hello", on.self, world("world"));
    CHECK(shown(on, on.unique.lookup("hello")) == "self: world");
    on.duplicate.claim("hello", on.self, world("world"));
    on.duplicate.claim("hello", on.other, world("another"));
    CHECK(shown(on, on.duplicate.lookup("hello")) == "self: world, other: another");
    on.end_abruptly(on.self);
    CHECK(on.unique.lookup("hello").empty());
    CHECK(shown(on, on.duplicate.lookup("hello")) == "other: another");
  }

  TEST_CASE("values: returns the values of one process under a name") {
    kept on;
    on.unique.claim("hello", on.self, world("world"));
    REQUIRE(on.unique.values("hello", on.self.address()).size() == 1);
    CHECK(text(on.unique.values("hello", on.self.address()).front()) == "world");
    CHECK(on.unique.values("hello", on.other.address()).empty());
    CHECK(on.unique.values("world", on.self.address()).empty());
    on.duplicate.claim("hello", on.self, world("one"));
    on.duplicate.claim("hello", on.other, world("other"));
    on.duplicate.claim("hello", on.self, world("two"));
    const auto values = on.duplicate.values("hello", on.self.address());
    REQUIRE(values.size() == 2);
    CHECK(text(values[0]) == "one");
    CHECK(text(values[1]) == "two");
  }

  TEST_CASE("select: filters registrations by a prefix of the name and by a function") {
    kept on;
    on.unique.claim("worker/orders/1", on.self, world("one"));
    on.unique.claim("worker/orders/2", on.other, world("two"));
    on.unique.claim("manager", on.self, world("one"));
    const auto picked
      = on.unique.select("worker/", [](const registered& row) { return text(row.value) == "one"; });
    REQUIRE(picked.size() == 1);
    CHECK(picked.front().name == "worker/orders/1");
    CHECK(picked.front().holder == on.self);
    CHECK(on.unique.select("").size() == 3);
  }

  TEST_CASE("count: size counts every registration, including several of one process") {
    kept on;
    CHECK(on.unique.size() == 0);
    on.unique.claim("hello", on.self);
    on.unique.claim("world", on.self);
    on.unique.claim("world", on.other);
    CHECK(on.unique.size() == 2);
    on.duplicate.claim("hello", on.self);
    on.duplicate.claim("hello", on.self);
    CHECK(on.duplicate.size() == 2);
  }

  TEST_CASE("dispatch: the caller's function runs for each registration under a name") {
    kept on;
    std::string seen;
    const auto see = [&](const caf::actor& who, const name_value& value) {
      seen += (who == on.self ? "self " : "other ") + text(value) + ' ';
    };
    CHECK(on.duplicate.dispatch("hello", see) == 0);
    on.duplicate.claim("hello", on.self, world("one"));
    on.duplicate.claim("hello", on.other, world("two"));
    on.duplicate.claim("world", on.self, world("three"));
    CHECK(on.duplicate.dispatch("hello", see) == 2);
    CHECK(seen == "self one other two ");
  }

  TEST_CASE("dispatch: a publisher sends to all processes under a topic") {
    kept on;
    on.happened();
    on.duplicate.claim("topic", on.self);
    on.duplicate.claim("topic", on.other);
    on.duplicate.dispatch(
      "topic", [](const caf::actor& who, const name_value&) { post(who, note{"broadcast"}); });
    on.time.run();
    CHECK(on.happened() == "broadcast, broadcast");
  }

  TEST_CASE("dispatch: an exception of the function ends the dispatch and reaches the caller") {
    kept on;
    on.duplicate.claim("hello", on.self);
    on.duplicate.claim("hello", on.other);
    int calls = 0;
    CHECK_THROWS_WITH(on.duplicate.dispatch("hello",
                                            [&](const caf::actor&, const name_value&) {
                                              ++calls;
                                              throw std::runtime_error{"bad registration"};
                                            }),
                      "bad registration");
    CHECK(calls == 1);
    // A release after the exception takes effect.
    on.duplicate.release("hello", on.self.address());
    CHECK(on.duplicate.lookup("hello").size() == 1);
  }

  TEST_CASE("update_value: replaces the value only for the name's holder") {
    kept on;
    on.unique.claim("hello", on.self, 1);
    const auto and_one
      = [](const name_value& value) { return std::any{*value_as<int>(value) + 1}; };
    CHECK(on.unique.update_value("hello", on.self.address(), and_one));
    CHECK(*value_as<int>(on.unique.lookup("hello").front().value) == 2);
    CHECK_FALSE(on.unique.update_value("hello", on.other.address(), and_one));
    CHECK_FALSE(on.unique.update_value("nobody's", on.self.address(), and_one));
    CHECK(*value_as<int>(on.unique.lookup("hello").front().value) == 2);
  }

  TEST_CASE("meta: a registry stores, returns and deletes values of its own") {
    kept on;
    CHECK_FALSE(on.unique.meta("module"));
    on.unique.put_meta("module", world("greeter"));
    CHECK(text(on.unique.meta("module")) == "greeter");
    on.unique.put_meta("module", world("other"));
    CHECK(text(on.unique.meta("module")) == "other");
    on.unique.delete_meta("module");
    on.unique.delete_meta("module");
    CHECK_FALSE(on.unique.meta("module"));
    CHECK(on.unique.size() == 0);
  }

  TEST_CASE("via: whereis finds a name with or without a value") {
    kept on;
    on.unique.claim("agent", on.self, world("hello"));
    CHECK(on.unique.whereis("agent") == on.self);
    CHECK(shown(on, on.unique.lookup("agent")) == "self: hello");
    on.unique.claim("plain", on.self);
    CHECK(shown(on, on.unique.lookup("plain")) == "self: none");
  }
}

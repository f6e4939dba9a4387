#include <ottla/actors/call.hpp>
#include <ottla/actors/kept_ref.hpp>

#include "support/registry_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

namespace {

/// A directory that counts its look-ups.
struct counting_directory : directory {
  explicit counting_directory(std::shared_ptr<directory> of) : inner{std::move(of)} {}

  caf::actor whereis(std::string_view name) const override {
    ++lookups;
    return inner->whereis(name);
  }
  std::shared_ptr<const registration> keep(std::string_view name) const override {
    ++lookups;
    return inner->keep(name);
  }
  caf::actor claim(std::string_view name, const caf::actor& who) override {
    return inner->claim(name, who);
  }
  void release(std::string_view name, const caf::actor_addr& who) override {
    inner->release(name, who);
  }

  std::shared_ptr<directory> inner;
  mutable int lookups = 0;
};

struct keeping : registry_stage {
  std::shared_ptr<counting_directory> counted = std::make_shared<counting_directory>(table);
  kept_ref ref = process_ref{counted, "x"};

  caf::actor named_child() {
    auto spec = child("a");
    spec.name = "t/x";
    return start(spec).process;
  }

  int lookups() const { return std::exchange(counted->lookups, 0); }
};

} // namespace

TEST_SUITE("kept_ref") {
  TEST_CASE("a kept_ref looks a name up once while its holder lives") {
    keeping on;
    const auto a = on.named_child();
    for (int time = 0; time < 3; ++time)
      CHECK(on.ref.resolve() == a);
    CHECK(on.lookups() == 1);
  }

  TEST_CASE("a kept_ref resolves to null after the holder's death, then to the replacement") {
    keeping on;
    CHECK_FALSE(on.ref.resolve());
    const auto first = on.named_child();
    CHECK(on.ref.resolve() == first);
    on.end_abruptly(first);
    CHECK_FALSE(on.ref.resolve());
    const auto second = on.named_child();
    on.lookups();
    CHECK(on.ref.resolve() == second);
    CHECK(on.ref.resolve() == second);
    CHECK(on.lookups() == 1);
  }

  TEST_CASE("a kept_ref follows a name to a new holder while the former holder lives") {
    keeping on;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    on.table->claim("x", a);
    CHECK(on.ref.resolve() == a);
    on.table->release("x", a.address());
    CHECK_FALSE(on.ref.resolve());
    on.table->claim("x", b);
    CHECK(on.ref.resolve() == b);
    CHECK(is_alive(a));
  }

  TEST_CASE("a kept_ref needs no new look-up after a change of the name's value") {
    keeping on;
    const auto a = on.start(on.child("a")).process;
    on.table->claim("x", a, 1);
    CHECK(on.ref.resolve() == a);
    on.table->update_value("x", a.address(), [](const name_value&) { return std::any{2}; });
    CHECK(on.ref.resolve() == a);
    CHECK(on.lookups() == 1);
  }

  TEST_CASE("post through a kept_ref returns whether a living process holds the name") {
    keeping on;
    CHECK_FALSE(post(on.ref, note{"lost"}));
    on.named_child();
    on.happened();
    CHECK(post(on.ref, note{"hello"}));
    on.time.run();
    CHECK(on.happened() == "hello");
    on.end_abruptly(on.process("a"));
    CHECK_FALSE(post(on.ref, note{"lost"}));
    kept_ref nobody;
    CHECK_FALSE(nobody.resolve());
  }

  TEST_CASE("a kept_ref does not keep its process alive, and a kept registration does not keep its "
            "table alive") {
    auto on = std::make_unique<keeping>();
    auto a
      = child_spec{.id = "a", .start = ottla::start<probe>(probe_plan{.id = "a", .log = on->log})}
          .start({.system = on->time.system(), .process = {}});
    on->time.run();
    on->table->claim("x", a);
    CHECK(on->ref.resolve() == a);
    a = {};
    on->time.run();
    CHECK_FALSE(on->ref.resolve());
    const auto b = on->named_child();
    auto kept = on->table->keep("x");
    REQUIRE(kept);
    CHECK(kept->visit([](const caf::actor&) {}));
    on->names->mount("t", std::make_shared<name_table>());
    on->counted->inner = nullptr;
    const std::weak_ptr<name_table> table = on->table;
    on->table = nullptr;
    CHECK(table.expired());
    CHECK(is_alive(b));
    CHECK_FALSE(kept->visit([](const caf::actor&) {}));
  }

  TEST_CASE("a kept_ref resolves like a process_ref if it has a handle or its directory does not "
            "support keep") {
    registry_stage on;
    const auto a = on.start(on.child("a")).process;
    kept_ref handle = process_ref{a};
    on.names->claim("x", a);
    kept_ref name = process_ref{on.names, "x"};
    CHECK(handle.resolve() == a);
    CHECK(name.resolve() == a);
    on.end_abruptly(a);
    CHECK_FALSE(handle.resolve());
    CHECK_FALSE(name.resolve());
  }
}

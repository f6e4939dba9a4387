#include <ottla/registry/registry.hpp>
#include <ottla/supervision/supervisor.hpp>

#include "support/tree.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

namespace {

struct registered : stage {
  std::shared_ptr<name_table> table = std::make_shared<name_table>();

  child_spec registry_child() const {
    return {.id = "registry", .start = ottla::start<registry>(table), .name = "registry"};
  }
};

} // namespace

TEST_SUITE("registry") {
  TEST_CASE("all names of a dead process go, those of others stay") {
    registered on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    for (const auto* name : {"one", "two", "three"})
      on.table->claim(name, a);
    on.table->claim("four", b);
    on.time.run();
    on.end_abruptly(a);
    CHECK(on.table->size() == 1);
    CHECK(on.table->whereis("four") == b);
  }

  TEST_CASE(
    "a name that a replacement took is not taken from it by news of the first one's death") {
    registered on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    on.table->claim("x", a);
    on.time.run();
    on.time.hang(on.names->whereis("registry"));
    on.end_abruptly(a);
    on.table->claim("x", b);
    on.time.wake(on.names->whereis("registry"));
    on.time.run();
    CHECK(on.table->whereis("x") == b);
    on.end_abruptly(b);
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("who claims and dies before the registry hears of it is forgotten all the same") {
    registered on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    on.time.hang(on.names->whereis("registry"));
    on.table->claim("x", a);
    on.end_abruptly(a);
    CHECK(on.table->size() == 1);
    on.time.wake(on.names->whereis("registry"));
    on.time.run();
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("its crash loses no name, look-ups and claims go on, and its replacement watches all") {
    registered on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.registry_child(), on.child("a"), on.child("b")}});
    const auto a = on.process("a");
    const auto b = on.process("b");
    on.table->claim("a", a);
    on.time.run();
    kill(on.names->whereis("registry"));
    on.table->claim("b", b);
    CHECK(on.table->whereis("a") == a);
    CHECK(on.table->whereis("b") == b);
    on.time.run();
    // Nobody was taken along.
    CHECK(on.process("a") == a);
    CHECK(drawn(on, top.process) == "top  up\n├─ registry  up, 1 restarts\n├─ a  up\n└─ b  up\n");
    CHECK(on.table->whereis("a") == a);
    on.end_abruptly(a);
    on.end_abruptly(b);
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("those who die while there is no registry are forgotten by the next one") {
    registered on;
    const auto first = on.start(on.registry_child()).process;
    const auto a = on.start(on.child("a")).process;
    on.table->claim("x", a);
    on.end_abruptly(first);
    on.end_abruptly(a);
    CHECK(on.table->size() == 1);
    on.start(on.registry_child());
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("a name given back and claimed again is still cleared away with its holder") {
    registered on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    for (int time = 0; time < 3; ++time) {
      on.table->claim("x", a);
      on.table->release("x", a);
    }
    on.table->claim("x", a);
    on.time.run();
    on.end_abruptly(a);
    CHECK(on.table->size() == 0);
  }
}

#include <ottla/actors/call.hpp>
#include <ottla/registry/internal/read_section.hpp>
#include <ottla/registry/name_table.hpp>

#include "registry/registered_text.hpp"
#include "support/registry_stage.hpp"
#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <optional>
#include <stdexcept>
#include <thread>

using namespace ottla;
using namespace ottla::test;

namespace {

bool is_found(const name_table& table, std::string_view name) {
  return table.visit(name, [](const caf::actor&) {});
}

/// Sets a flag in its destructor.
struct mortal : process {
  mortal(caf::actor_config& config, process_context context, std::shared_ptr<bool> flag)
    : process{config, std::move(context)}, gone{std::move(flag)} {}
  ~mortal() override { *gone = true; }
  caf::behavior set_up() override {
    return {[](const note&) {}};
  }
  std::shared_ptr<bool> gone;
};

/// Notes in its destructor whether a read_section is open.
struct section_watcher : process {
  section_watcher(caf::actor_config& config, process_context context,
                  std::shared_ptr<std::optional<bool>> is_open)
    : process{config, std::move(context)}, was_open{std::move(is_open)} {}
  ~section_watcher() override { *was_open = detail::read_section::is_open(); }
  caf::behavior set_up() override {
    return {[](const note&) {}};
  }
  std::shared_ptr<std::optional<bool>> was_open;
};

} // namespace

TEST_SUITE("name_table") {
  TEST_CASE_FIXTURE(two_claimants, "the first process that claims a unique name holds it") {
    CHECK(table.claim("x", a) == a);
    CHECK(table.claim("x", b) == a);
    CHECK(table.claim("x", a) == a);
    CHECK(table.size() == 1);
    CHECK(table.whereis("x") == a);
    CHECK_FALSE(table.whereis("y"));
    caf::actor seen;
    CHECK(table.visit("x", [&](const caf::actor& who) { seen = who; }));
    CHECK(seen == a);
    CHECK_FALSE(is_found(table, "y"));
  }

  TEST_CASE("an invalid name is rejected by claim and not found by whereis") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    CHECK_THROWS_WITH_AS(table.claim("", a), "a name must not be empty, got \"\"",
                         std::invalid_argument);
    CHECK_FALSE(table.whereis(""));
    CHECK_FALSE(table.whereis(std::string(400, 'n')));
    table.release("", a.address());
  }

  TEST_CASE("an invalid name in a child spec fails the start with an error that quotes the name") {
    registry_stage on;
    auto spec = on.child("a");
    spec.name = "t/a\tb";
    const auto& seen = on.start(spec);
    CHECK(seen.failure() == "a name must not contain control characters, got \"a\\tb\"");
    CHECK(seen.ended);
  }

  TEST_CASE_FIXTURE(two_claimants,
                    "a dead process is not found, does not block claims and cannot claim") {
    table.claim("x", a, 1);
    end_abruptly(a);
    CHECK_FALSE(table.whereis("x"));
    CHECK_FALSE(is_found(table, "x"));
    CHECK_FALSE(table.keep("x"));
    CHECK(table.lookup("x").empty());
    CHECK(table.values("x", a.address()).empty());
    CHECK(table.names_of(a.address()).empty());
    CHECK(table.select("").empty());
    CHECK_FALSE(table.claim("y", a));
    CHECK(table.claim("x", b) == b);
    CHECK(table.whereis("x") == b);
    // A late release by the first holder changes nothing: `x` is no longer its name.
    table.release("x", a.address());
    CHECK(table.whereis("x") == b);
  }

  TEST_CASE_FIXTURE(two_claimants, "a release by a process other than the holder changes nothing") {
    table.claim("x", a);
    table.release("x", b.address());
    CHECK(table.whereis("x") == a);
    table.release("x", a.address());
    CHECK_FALSE(table.whereis("x"));
    CHECK(table.size() == 0);
    table.release("x", a.address());
    table.release("x", {});
  }

  TEST_CASE("a name does not keep its process alive") {
    stage on;
    name_table table;
    const auto gone = std::make_shared<bool>(false);
    {
      auto a = child_spec{.id = "a", .start = ottla::start<mortal>(gone)}.start(
        {.system = on.time.system(), .process = {}});
      table.claim("x", a);
      on.time.run();
      CHECK(table.whereis("x") == a);
      CHECK_FALSE(*gone);
    }
    on.time.run();
    CHECK(*gone);
    CHECK_FALSE(table.whereis("x"));
  }

  TEST_CASE("a reader that has the last handle of a process destroys the process after its read "
            "section") {
    const auto outcome = std::make_shared<std::optional<bool>>();
    stage on;
    name_table table;
    auto last = child_spec{.id = "a", .start = ottla::start<section_watcher>(outcome)}.start(
      {.system = on.time.system(), .process = {}});
    table.claim("x", last);
    on.time.run();
    const auto let_go = [&](const auto&...) { last = {}; };
    SUBCASE("visit") {
      CHECK(table.visit("x", let_go));
    }
    SUBCASE("visit of a kept registration") {
      CHECK(table.keep("x")->visit(let_go));
    }
    SUBCASE("dispatch") {
      CHECK(table.dispatch("x", let_go) == 1);
    }
    REQUIRE(outcome->has_value());
    CHECK_FALSE(**outcome);
  }

  TEST_CASE("the table releases a dead child's handle without a registry process") {
    stage on;
    auto table = std::make_shared<name_table>();
    on.names->mount("t", table);
    const auto gone = std::make_shared<bool>(false);
    auto eyes
      = caf::actor_cast<caf::actor>(on.time.system().spawn<witness>(std::make_shared<sighting>()));
    auto a = child_spec{.id = "a", .start = ottla::start<mortal>(gone)}.start(
      {.system = on.time.system(),
       .process
       = {.label = std::make_shared<const process_label>(process_label{.id = "a", .name = "t/a"}),
          .names = on.names,
          .starter = eyes}});
    on.time.run();
    CHECK(table->whereis("a") == a);
    kill(a);
    a = {};
    on.time.run();
    CHECK(*gone);
    CHECK(table->size() == 0);
    kill(eyes);
    on.time.run();
  }

  TEST_CASE("the destructor of a dead process may release names and look names up in its table") {
    stage on;
    auto table = std::make_shared<name_table>();
    struct gives_back : process {
      gives_back(caf::actor_config& config, process_context context, std::shared_ptr<name_table> of)
        : process{config, std::move(context)}, table{std::move(of)} {}
      ~gives_back() override {
        table->release("x", {});
        table->whereis("x");
      }
      caf::behavior set_up() override {
        return {[](const note&) {}};
      }
      std::shared_ptr<name_table> table;
    };
    auto spec = child_spec{.id = "a", .start = ottla::start<gives_back>(table)};
    auto a = spec.start({.system = on.time.system(), .process = {}});
    table->claim("x", a);
    on.time.run();
    on.end_abruptly(a);
    // From here on the process is dead, and only its address is kept.
    a = {};
    CHECK_FALSE(table->whereis("x"));
    CHECK_FALSE(is_found(*table, "x"));
  }

  TEST_CASE("an actor that is not an ottla::process can hold a name") {
    stage on;
    name_table table;
    const auto who = spawn_stranger(on.time.system());
    CHECK(table.claim("x", who) == who);
    CHECK(table.whereis("x") == who);
    on.end_abruptly(who);
    CHECK_FALSE(table.whereis("x"));
  }

  TEST_CASE_FIXTURE(two_claimants,
                    "update_value changes the value of a name only for the name's holder") {
    table.claim("x", a, 1);
    table.claim("y", a);
    const auto twice = [](const name_value& was) { return std::any{*value_as<int>(was) * 2}; };
    const auto seven = [](const name_value&) { return std::any{7}; };
    CHECK(text(table.lookup("x")) == "x=1");
    CHECK(table.update_value("x", a.address(), twice));
    CHECK(text(table.lookup("x")) == "x=2");
    CHECK_FALSE(table.update_value("x", b.address(), twice));
    CHECK_FALSE(table.update_value("z", a.address(), twice));
    CHECK(*value_as<int>(table.values("x", a.address()).front()) == 2);
    CHECK(table.values("x", b.address()).empty());
    // Another claim by the same holder keeps the value.
    table.claim("x", a, 9);
    CHECK(text(table.select("")) == "x=2, y");
    CHECK(table.update_value("y", a.address(), seven));
    CHECK(text(table.select("")) == "x=2, y=7");
    CHECK(value_as<std::string>(table.lookup("y").front().value) == nullptr);
  }

  TEST_CASE("release_if releases a name only if its value matches") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    table.claim("x", a, 1);
    const auto equals = [](int number) {
      return [number](const name_value& value) { return *value_as<int>(value) == number; };
    };
    CHECK(table.release_if("x", a.address(), equals(2)) == 0);
    CHECK(table.whereis("x") == a);
    CHECK(table.release_if("x", a.address(), equals(1)) == 1);
    CHECK_FALSE(table.whereis("x"));
  }

  TEST_CASE_FIXTURE(two_claimants,
                    "select returns the matching living processes below a prefix, sorted by name") {
    table.claim("worker/orders/2", a, 2);
    table.claim("worker/orders/1", b, 1);
    table.claim("worker/payments/1", a, 3);
    table.claim("manager", a);
    const auto found = table.select(below("worker", "orders"));
    CHECK(text(found) == "worker/orders/1=1, worker/orders/2=2");
    CHECK(found[0].holder == b);
    CHECK(table.select("").size() == 4);
    CHECK(table.select("x").empty());
    CHECK(text(table.select("worker/",
                            [](const registered& row) { return *value_as<int>(row.value) > 1; }))
          == "worker/orders/2=2, worker/payments/1=3");
  }

  TEST_CASE_FIXTURE(
    two_claimants,
    "names_of lists a process's names in sorted order, and size counts all registrations") {
    for (const auto* name : {"three", "one", "two"})
      table.claim(name, a);
    table.claim("four", b);
    CHECK(table.names_of(a.address()) == std::vector<std::string>{"one", "three", "two"});
    CHECK(table.names_of(b.address()) == std::vector<std::string>{"four"});
    CHECK(table.size() == 4);
    table.release("three", a.address());
    CHECK(table.names_of(a.address()) == std::vector<std::string>{"one", "two"});
    CHECK(table.names_of({}).empty());
    CHECK(table.size() == 3);
  }

  TEST_CASE("each of a hundred thousand names is found until it is released") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    constexpr int count = 100'000;
    const auto name = [](int number) { return name_of("worker", "orders", number); };
    for (int number = 0; number < count; ++number)
      REQUIRE(table.claim(name(number), a) == a);
    CHECK(table.size() == count);
    CHECK(table.select("worker/").size() == count);
    CHECK(table.names_of(a.address()).size() == count);
    int found = 0;
    for (int number = 0; number < 2 * count; ++number)
      found += is_found(table, name(number));
    CHECK(found == count);
    for (int number = 0; number < count; number += 2)
      table.release(name(number), a.address());
    found = 0;
    for (int number = 0; number < count; ++number)
      found += is_found(table, name(number)) == (number % 2 == 1);
    CHECK(found == count);
    CHECK(table.size() == count / 2);
  }

  TEST_CASE("look-ups stay correct after many claims and releases") {
    // Sooner or later each segment is full of vacated slots. A search for a missing name still
    // ends, and existing names are still found.
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    table.claim("here", a);
    for (int number = 0; number < 20'000; ++number) {
      const auto name = std::to_string(number);
      table.claim(name, a);
      table.release(name, a.address());
      REQUIRE_FALSE(is_found(table, name));
      REQUIRE(is_found(table, "here"));
    }
    CHECK(table.size() == 1);
  }

  TEST_CASE("find returns a mounted table by its name, and the table stores meta values") {
    registry_stage on;
    const auto table = name_table::find(*on.names, "t");
    REQUIRE(table == on.table);
    CHECK(table->name() == "t");
    CHECK(table->rule() == key_rule::unique);
    CHECK_FALSE(name_table::find(*on.names, "u"));
    CHECK_FALSE(table->meta("limit"));
    table->put_meta("limit", 3);
    CHECK(*value_as<int>(table->meta("limit")) == 3);
    table->put_meta("limit", 4);
    CHECK(*value_as<int>(table->meta("limit")) == 4);
    table->delete_meta("limit");
    table->delete_meta("limit");
    CHECK_FALSE(table->meta("limit"));
  }

  TEST_CASE("a table can be destroyed while it holds names") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    name_table{}.claim("x", a, std::string{"value"});
    {
      name_table table;
      table.claim_held("x", a);
      for (int number = 0; number < 1'000; ++number)
        table.claim(std::to_string(number), a);
    }
    CHECK(is_alive(a));
  }

  TEST_CASE("exactly one of several concurrent claims of a name succeeds") {
    stage on;
    std::vector<caf::actor> claimants;
    for (const auto* id : {"a", "b", "c", "d"})
      claimants.push_back(on.start(on.child(id)).process);
    name_table table;
    constexpr int names = 500;
    std::vector<std::vector<caf::actor>> told(claimants.size());
    std::atomic<int> wrong = 0;
    std::barrier line{static_cast<std::ptrdiff_t>(claimants.size())};
    std::vector<std::thread> threads;
    for (std::size_t who = 0; who < claimants.size(); ++who)
      threads.emplace_back([&, who] {
        for (int name = 0; name < names; ++name) {
          line.arrive_and_wait();
          told[who].push_back(table.claim(std::to_string(name), claimants[who]));
          if (table.whereis(std::to_string(name)) != told[who].back())
            ++wrong;
        }
      });
    for (auto& thread : threads)
      thread.join();
    CHECK(wrong == 0);
    for (int name = 0; name < names; ++name)
      for (const auto& answers : told)
        REQUIRE(answers[name] == table.whereis(std::to_string(name)));
  }
}

#include <ottla/registry/name_table.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <thread>

using namespace ottla;
using namespace ottla::test;

namespace {

std::string refusal(name_table& table, const std::string& name, const caf::actor& who) {
  try {
    table.claim(name, who);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "none";
}

} // namespace

TEST_SUITE("name_table") {
  TEST_CASE("the first to claim a name holds it, and is told so again") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    CHECK(table.claim("x", a) == a);
    CHECK(table.claim("x", b) == a);
    CHECK(table.claim("x", a) == a);
    CHECK(table.whereis("x") == a);
    CHECK_FALSE(table.whereis("y"));
  }

  TEST_CASE("bad names are refused, and quoted") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    CHECK(refusal(table, "", a) == "a name must not be empty, got \"\"");
    CHECK(refusal(table, "two\nlines", a)
          == "a name has no control characters, got \"two\\nlines\"");
    CHECK(refusal(table, std::string(301, 'n'), a)
          == "a name has at most 300 bytes, \"" + std::string(32, 'n') + "…\" has 301");
    CHECK(refusal(table, std::string(300, 'n'), a) == "none");
    CHECK(refusal(table, "grüße/3", a) == "none");
  }

  TEST_CASE("a bad name in a spec is a failed start that quotes it") {
    stage on;
    auto table = std::make_shared<name_table>();
    on.names->mount("t", table);
    auto spec = on.child("a");
    spec.name = "t/a\tb";
    const auto& seen = on.start(spec);
    CHECK(seen.failure() == "a name has no control characters, got \"a\\tb\"");
    CHECK(seen.ended);
  }

  TEST_CASE("the dead are never found and never in the way") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    table.claim("x", a);
    on.end_abruptly(a);
    CHECK_FALSE(table.whereis("x"));
    CHECK(table.select("").empty());
    CHECK(table.claim("x", b) == b);
    CHECK(table.whereis("x") == b);
  }

  TEST_CASE("only the holder can give a name back") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    table.claim("x", a);
    table.release("x", b.address());
    CHECK(table.whereis("x") == a);
    table.release("x", a.address());
    CHECK_FALSE(table.whereis("x"));
  }

  TEST_CASE("a name keeps nobody alive") {
    stage on;
    name_table table;
    {
      auto spec = on.child("a");
      auto a = spec.start({.system = on.time.system(), .process = {}});
      table.claim("x", a);
      on.time.run();
      CHECK(table.whereis("x") == a);
    }
    on.time.run();
    CHECK_FALSE(table.whereis("x"));
  }

  TEST_CASE("a look-up may hold the last handle of a process whose end uses the table") {
    stage on;
    auto table = std::make_shared<name_table>();
    struct gives_back : process {
      gives_back(caf::actor_config& config, process_context context, std::shared_ptr<name_table> of)
        : process{config, std::move(context)}, table{std::move(of)} {}
      ~gives_back() override { table->release("x", {}); }
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
    // Dead, and kept by its address alone from here on.
    a = {};
    CHECK_FALSE(table->whereis("x"));
    CHECK_FALSE(table->visit("x", [](const caf::actor&) {}));
  }

  TEST_CASE("select answers the living below a prefix, by name") {
    stage on;
    name_table table;
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    table.claim("worker/orders/2", a);
    table.claim("worker/orders/1", b);
    table.claim("worker/payments/1", a);
    table.claim("manager", a);
    const auto found = table.select("worker/orders/");
    REQUIRE(found.size() == 2);
    CHECK(found[0].name == "worker/orders/1");
    CHECK(found[0].holder == b);
    CHECK(found[1].name == "worker/orders/2");
    CHECK(table.select("").size() == 4);
    CHECK(table.select("x").empty());
  }

  TEST_CASE("of many threads that claim one name at once exactly one gets it") {
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

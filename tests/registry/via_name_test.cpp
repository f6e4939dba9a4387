#include <ottla/actors/call.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/monitor.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/actors/stop.hpp>
#include <ottla/registry/registry.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/internal/supervisor.hpp>

#include "support/patience.hpp"
#include "support/registry_stage.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

struct twice {
  int number = 0;
};

class doubler : public server {
public:
  using server::server;

private:
  init_result init(handlers& on) override {
    on.call([](twice what) { return 2 * what.number; });
    return {};
  }
};

/// The spec of a registry for this table.
child_spec registry_of(const std::shared_ptr<name_table>& table) {
  return {.id = table->name(), .start = start<registry>(table)};
}

} // namespace

OTTLA_MESSAGES(ottla_test_via_name, ottla::first_user_type_id + 60, twice)

TEST_SUITE("via a name") {
  TEST_CASE("a child can take a name in a registry that starts before it") {
    const auto people = std::make_shared<name_table>("people");
    const auto heard = std::make_shared<std::vector<std::string>>();
    application app{
      {.id = "shop",
       .children = {{.id = "log", .start = start<eavesdropper>(heard), .name = "log"},
                    {.id = "people", .start = start_registry(people, {"log"})},
                    {.id = "anna", .start = start<doubler>(), .name = "people/anna"}}}};
    CHECK(people->whereis("anna"));
    CHECK(*ottla::call<int>(app.system(), app.find("people/anna"), 5s, twice{4}) == 8);
    app.stop();
    CHECK(*heard == std::vector<std::string>{"people + anna", "people - anna"});
  }

  TEST_CASE("a restarted child regains its name in its registry while two registries are mounted") {
    const auto here = std::make_shared<name_table>("here");
    const auto there = std::make_shared<name_table>("there");
    const auto mounting = [=](start_context how) {
      how.process.names->mount("here", here);
      how.process.names->mount("there", there);
      return how.spawn<supervisor>(supervisor_spec{
        .id = "shop",
        .restarts = {.at_most = 100, .within = 60s},
        .children = {registry_of(here),
                     registry_of(there),
                     {.id = "a", .start = start<doubler>(), .name = "here/doubler"},
                     {.id = "b", .start = start<doubler>(), .name = "there/doubler"}}});
    };
    application app{
      {.id = "app",
       .children = {{.id = "shop", .start = mounting, .type = child_type::supervisor}}}};
    const auto first = app.find("here/doubler");
    const auto second = app.find("there/doubler");
    REQUIRE(first.resolve());
    CHECK(first.resolve() == here->whereis("doubler"));
    CHECK(first.resolve() != second.resolve());
    CHECK(*call<int>(app.system(), first, 1s, twice{4}) == 8);
    kept_ref kept = second;
    for (int time = 0; time < 20; ++time) {
      const auto before = second.resolve();
      static_cast<void>(stop(app.system(), second, exit_reason::crashed("again"), 1s));
      // The process's name is free before any other process can know of its end.
      CHECK(second.resolve() != before);
      auto answer = call<int>(app.system(), second, 1s, twice{4});
      const auto until = std::chrono::steady_clock::now() + patience();
      while (!answer && answer.error() == exit_reason::noproc()
             && std::chrono::steady_clock::now() < until)
        answer = call<int>(app.system(), second, 1s, twice{4});
      REQUIRE(answer);
      CHECK(*answer == 8);
      CHECK(kept.resolve() != before);
    }
    CHECK(there->size() == 1);
  }

  TEST_CASE("look-ups, sends and calls by an unknown name fail") {
    registry_stage on;
    const process_ref nobody{on.names, "t/nobody"};
    kept_ref kept = nobody;
    CHECK_FALSE(nobody.resolve());
    CHECK_FALSE(nobody.visit([](const caf::actor&) {}));
    CHECK_FALSE(post(nobody, note{"lost"}));
    CHECK_FALSE(post(kept, note{"lost"}));
    const auto asked = call<int>(on.time.system(), nobody, infinity, twice{1});
    REQUIRE_FALSE(asked);
    CHECK(asked.error() == exit_reason::noproc());
  }

  TEST_CASE("a second child with the same name does not start, and the answer to its start names "
            "the holder") {
    registry_stage on;
    auto spec = on.child("a");
    spec.name = "t/x";
    const auto first = on.start(spec).process;
    spec = on.child("b");
    spec.name = "t/x";
    const auto& second = on.start(spec);
    REQUIRE(second.answer);
    CHECK(second.answer->result == process_started::outcome::already_started);
    CHECK(second.answer->holder == first);
    CHECK(on.table->whereis("x") == first);
  }

  TEST_CASE("a second registry with the same name fails to start, and the error names the owner") {
    stage on;
    const auto people = std::make_shared<name_table>("people");
    const child_spec spec{.id = "people", .start = start_registry(people)};
    const auto first = on.start(spec).process;
    const auto taken
      = "name \"people\" is taken by people (actor " + std::to_string(first.id()) + ')';
    SUBCASE("the second registry has another table") {
      const auto others = std::make_shared<name_table>("people");
      CHECK(on.start({.id = "b", .start = start_registry(others)}).failure() == taken);
    }
    SUBCASE("the second registry has the same table") {
      CHECK(on.start(spec).failure() == taken);
    }
    CHECK(on.names->mounted("people") == people);
    on.end_abruptly(first);
    CHECK(on.start(spec).up());
  }

  TEST_CASE(
    "a registry with an invalid name fails to start, and a registry without a name starts") {
    stage on;
    const auto failure = [&](const std::string& name) {
      const auto table = std::make_shared<name_table>(name);
      return on.start({.id = "r", .start = start_registry(table)}).failure();
    };
    CHECK(failure("a/b") == "a prefix must not contain '/', got \"a/b\"");
    CHECK(failure("a\nb") == "a name must not contain control characters, got \"a\\nb\"");
    CHECK(failure(std::string(301, 'n')).find("a name must have at most 300 bytes") == 0);
    for (int i = 0; i < 2; ++i)
      CHECK(on.start({.id = "r", .start = start_registry(std::make_shared<name_table>())}).up());
    const child_spec unnamed{.id = "r",
                             .start = start_registry(std::make_shared<name_table>(), {""})};
    CHECK(on.start(supervisor_spec{.id = "top", .children = {unnamed}})
            .failure()
            .find("a name must not be empty, got \"\"")
          != std::string::npos);
  }

  TEST_CASE("a restarted registry is mounted under its name again") {
    stage on;
    const auto people = std::make_shared<name_table>("people");
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {{.id = "people", .start = start_registry(people)}}});
    const auto tree = ask<tree_node>(on, top.process, describe_tree{}).answer.value();
    on.end_abruptly(tree.children.front().process);
    CHECK(top.up());
    CHECK(on.names->mounted("people") == people);
  }

  TEST_CASE("a terminated child that hangs loses its name") {
    registry_stage on;
    auto spec = on.child("a");
    spec.name = "t/x";
    spec.shutdown = shutdown_policy::brutal_kill();
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {spec}});
    const auto first = on.process("a");
    kept_ref kept = process_ref{on.names, "t/x"};
    CHECK(kept.resolve() == first);
    on.time.hang(first);
    ask_later<child_result>(on, top.process, terminate_child{"a"});
    on.time.advance(10s);
    CHECK_FALSE(on.table->whereis("x"));
    CHECK_FALSE(kept.resolve());
    on.time.wake(first);
    on.time.run();
  }
}

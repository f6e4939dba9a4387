// Elsa's registry_test.exs, case by case.

#include <ottla/registry/registry.hpp>

#include "support/served.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

namespace {

struct connected : served {
  connected() {
    names->mount("elsa", table);
    start({.id = "registry", .start = ottla::start<registry>(table)});
  }

  caf::actor start_agent(std::string name) {
    child_spec spec{.id = "agent", .start = ottla::start<scripted>(log_lines, nullptr)};
    spec.name = std::move(name);
    return start(spec).process;
  }

  /// The answer to a call by name.
  std::string call(const std::string& name) {
    const auto answers = asked(*this, process_ref{names, name}, ask_plain{41});
    return answers->empty() ? "" : answers->front();
  }

  std::shared_ptr<name_table> table = std::make_shared<name_table>();
};

} // namespace

TEST_SUITE("Elsa.Registry") {
  TEST_CASE("a process started under a name answers calls by that name") {
    connected on;
    on.start_agent("elsa/agent");
    CHECK(on.call("elsa/agent") == "42");
  }

  TEST_CASE("the name of a process that ended is unregistered") {
    connected on;
    const auto agent = on.start_agent("elsa/agent");
    on.ask_to_end(agent);
    CHECK_FALSE(is_alive(agent));
    CHECK_FALSE(on.table->whereis("agent"));
    CHECK(on.table->size() == 0);
    CHECK(on.call("elsa/agent") == "noproc");
  }

  TEST_CASE("a process can be registered by another process") {
    connected on;
    const auto agent = on.start_agent("");
    CHECK(on.table->claim("agent", agent) == agent);
    CHECK(on.call("elsa/agent") == "42");
  }

  TEST_CASE("an unregistered process keeps running without the name") {
    connected on;
    const auto agent = on.start_agent("elsa/agent");
    on.table->release("agent", agent.address());
    CHECK_FALSE(on.table->whereis("agent"));
    CHECK(is_alive(agent));
    // The name is free for another process.
    const auto next = on.start_agent("elsa/agent");
    CHECK(on.table->whereis("agent") == next);
  }

  TEST_CASE("a message to a name reaches its process, and a send to an unknown name fails") {
    connected on;
    const auto greet = act{[](server& self) {
      static_cast<scripted&>(self).note("hello");
      return next{};
    }};
    CHECK_FALSE(post(process_ref{on.names, "elsa/agent"}, greet));
    on.start_agent("elsa/agent");
    CHECK(post(process_ref{on.names, "elsa/agent"}, greet));
    on.time.run();
    CHECK(on.noted() == "act, hello");
  }
}

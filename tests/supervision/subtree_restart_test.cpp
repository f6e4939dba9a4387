#include "support/supervising.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

constexpr restart_limit four{.at_most = 4, .within = 1h};

struct two_levels : supervising {
  child_result asked_of(const caf::actor& supervisor, const child_spec& spec) {
    return ask<child_result>(*this, supervisor, start_child{spec}).answer.value();
  }

  caf::actor below(const std::string& id) { return child_of(top->process, id); }
};

} // namespace

TEST_SUITE("supervisor: restart of a subtree") {
  TEST_CASE_FIXTURE(two_levels, "a restarted supervisor has only its spec's children, and a "
                                "group's restart also starts terminated members") {
    under(supervisor_spec{.id = "top", .strategy = strategy::one_for_all, .restarts = four});
    asked(start_child{
      supervisor_spec{.id = "one", .restarts = four, .children = {child("a"), child("b")}}});
    asked(start_child{supervisor_spec{.id = "two", .restarts = four}});
    asked(start_child{with(supervisor_spec{.id = "three"}, restart_policy::transient)});
    asked(terminate_child{"three"});
    CHECK(counted() == "3/2/3/0");
    CHECK(counted_by(below("one")) == "2/2/0/2");
    CHECK(counted_by(below("two")) == "0/0/0/0");

    asked_of(below("two"), child("c", {init_does::succeed, init_does::fail, init_does::fail,
                                       init_does::fail, init_does::fail}));
    asked_of(below("two"), child("d"));
    CHECK(counted_by(below("two")) == "2/2/0/2");
    const auto a = process("a");
    const auto c = process("c");
    const auto d = process("d");
    tell("d", crash{"x"});
    CHECK(process("a") == a);
    CHECK(process("c") == c);
    CHECK(process("d") != d);

    const auto two = below("two");
    tell("c", crash{"x"});
    CHECK(below("two") != two);
    CHECK(listed() == "one up, two up, three up");
    CHECK(counted() == "3/3/3/0");
    CHECK(counted_by(below("one")) == "2/2/0/2");
    CHECK(process("a") != a);
    CHECK(counted_by(below("two")) == "0/0/0/0");
    CHECK(counted_by(below("three")) == "0/0/0/0");
  }

  TEST_CASE_FIXTURE(
    two_levels, "after a restart of a supervisor or its child, names resolve to the replacements") {
    under(
      supervisor_spec{.id = "top",
                      .strategy = strategy::one_for_all,
                      .restarts = {.at_most = 3, .within = 60s},
                      .children = {with(supervisor_spec{.id = "middle",
                                                        .strategy = strategy::one_for_all,
                                                        .restarts = {.at_most = 3, .within = 60s},
                                                        .children = {named(child("a"), "server")},
                                                        .name = "middle"},
                                        2s)}});
    const auto middle = names->whereis("middle");
    const auto server = names->whereis("server");
    SUBCASE("the supervisor is killed") {
      end_abruptly(middle);
      CHECK(names->whereis("middle") != middle);
    }
    SUBCASE("the server is killed") {
      end_abruptly(server);
      CHECK(names->whereis("middle") == middle);
    }
    SUBCASE("the server throws") {
      tell("a", crash{"normal"});
      CHECK(names->whereis("middle") == middle);
    }
    SUBCASE("the server is terminated and restarted by requests") {
      CHECK(ask<child_result>(*this, middle, terminate_child{"a"}).answer->error
            == supervision_errc::none);
      CHECK_FALSE(names->whereis("server"));
      const auto restarted = ask<child_result>(*this, middle, restart_child{"a"}).answer->process;
      CHECK(restarted == names->whereis("server"));
    }
    CHECK(names->whereis("middle"));
    CHECK(names->whereis("server"));
    CHECK(names->whereis("server") != server);
    end_abruptly(top->process);
    CHECK_FALSE(names->whereis("middle"));
    CHECK_FALSE(names->whereis("server"));
  }

  TEST_CASE_FIXTURE(
    two_levels, "a hanging child blocks neither the answer to its termination nor other requests") {
    under(supervisor_spec{.id = "top", .children = {child("a"), child("b")}});
    time.hang(process("a"));
    const auto gone = ask_later<child_result>(*this, top->process, terminate_child{"a"});
    time.run();
    CHECK_FALSE(gone->answer);
    CHECK(listed() == "a ending, b up");
    CHECK(says(start_child{child("c")}) == "ok");
    time.advance(7s);
    REQUIRE(gone->answer);
    CHECK(*gone->answer);
    CHECK(listed() == "a down, b up, c up");
  }
}

#include <ottla/supervision/supervisor_spec.hpp>

#include "support/delayed_child.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

// Events in a one_for_all or rest_for_one group while the group waits or starts.

TEST_SUITE("supervisor: restart of a group") {
  TEST_CASE(
    "a child that is adopted while a group waits, and then fails, starts together with the group") {
    stage on;
    const auto& top
      = on.start(top_of(strategy::rest_for_one, {delayed(on.child("a")), on.child("b")}));
    on.tell("a", crash{"x"});
    const auto c = on.start(on.child("c")).process;
    ask<child_result>(on, top.process,
                      adopt_child{std::make_shared<const child_spec>(on.child("c")), c});
    on.happened();
    on.tell("c", crash{"x"});
    CHECK(on.happened() == "end c");
    on.time.advance(1s);
    CHECK(on.happened() == "start a, start b, start c");
    CHECK(drawn(on, top.process)
          == "top  up\n├─ a  up, 1 restarts\n├─ b  up, 1 restarts\n└─ c  up, 1 restarts\n");
  }

  TEST_CASE("a healthy run that ends because the child's group stops still resets the child's "
            "earlier failures") {
    stage on;
    on.start(top_of(strategy::one_for_all, {on.child("a"), delayed(on.child("b"))}));
    on.tell("b", crash{"x"});
    on.time.advance(11s);
    on.tell("a", crash{"x"});
    on.happened();
    on.tell("b", crash{"x"});
    on.time.advance(1s);
    CHECK(on.happened() == "end b, end a, start a, start b");
  }

  TEST_CASE("terminating a member that is up again does not cancel the start of its group") {
    stage on;
    const auto& top = on.start(top_of(
      strategy::rest_for_one,
      {on.child("a"), on.child("b", {init_does::succeed, init_does::defer}), on.child("c")}));
    on.tell("a", crash{"x"});
    on.happened();
    CHECK(*ask<child_result>(on, top.process, terminate_child{.id = "a"}).answer);
    on.tell("b", be_ready{});
    CHECK(on.happened() == "end a, start c");
    CHECK(status_of(on, top.process, "c") == child_status::up);
  }
}

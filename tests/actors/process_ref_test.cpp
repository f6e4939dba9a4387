#include <ottla/actors/process_ref.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

TEST_SUITE("process_ref") {
  TEST_CASE("a process_ref by handle resolves to the process until it ends") {
    stage on;
    const auto a = on.start(on.child("a")).process;
    const process_ref ref{a};
    CHECK(ref.resolve() == a);
    on.end_abruptly(a);
    CHECK_FALSE(ref.resolve());
  }

  TEST_CASE("a process_ref by name resolves to the replacement after a restart") {
    stage on;
    auto spec = on.child("a");
    spec.name = "x";
    const process_ref ref{on.names, "x"};
    CHECK_FALSE(ref.resolve());
    const auto first = on.start(spec).process;
    CHECK(ref.resolve() == first);
    on.end_abruptly(first);
    CHECK_FALSE(ref.resolve());
    const auto second = on.start(spec).process;
    CHECK(ref.resolve() == second);
  }
}

#include <ottla/actors/process_ref.hpp>
#include <ottla/kafka/internal/scoped_names.hpp>
#include <ottla/registry/name_table.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;

TEST_SUITE("scoped_names") {
  TEST_CASE_FIXTURE(ottla::test::stage, "names are claimed, found and released below the prefix") {
    const auto all = std::make_shared<name_table>("orders");
    scoped_names part{all, "consumer/t/"};
    const auto one = start(child("a")).process;
    CHECK(part.claim_held("coordinator", one) == one);
    CHECK(all->whereis("consumer/t/coordinator") == one);
    CHECK(!all->whereis("coordinator"));
    CHECK(part.whereis("coordinator") == one);
    CHECK(part.keep("coordinator"));
    caf::actor visited;
    CHECK(part.visit("coordinator", [&](const caf::actor& who) { visited = who; }));
    CHECK(visited == one);
    part.release("coordinator", one.address());
    CHECK(!all->whereis("consumer/t/coordinator"));
  }
}

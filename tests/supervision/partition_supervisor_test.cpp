#include <ottla/actors/process_ref.hpp>
#include <ottla/supervision/partition_supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

partition_supervisor_spec carts(const stage& on, std::size_t partitions) {
  return {.id = "carts",
          .name = "carts",
          .child = [&on](std::size_t which) { return on.child("cart" + std::to_string(which)); },
          .partitions = partitions};
}

child_result resize(stage& on, const caf::actor& supervisor, std::size_t partitions) {
  return ask<child_result>(on, supervisor, resize_partitions{partitions}).answer.value();
}

} // namespace

TEST_SUITE("partition_of") {
  TEST_CASE(
    "partition_of takes the remainder of a number, or of the FNV-1a hash of any other key") {
    CHECK(partition_of("0", 4) == 0);
    CHECK(partition_of("7", 4) == 3);
    CHECK(partition_of("alice", 1) == 0);
    // The 64-bit FNV-1a hash of "alice".
    CHECK(partition_of("alice", 1000) == 0x508b2abb65a03907ULL % 1000);
  }

  TEST_CASE("partition_of spreads keys over all partitions") {
    std::set<std::size_t> seen;
    for (int each = 0; each < 200; ++each)
      seen.insert(partition_of("customer-" + std::to_string(each), 8));
    CHECK(seen.size() == 8);
  }
}

TEST_SUITE("partition_supervisor") {
  TEST_CASE("a partition supervisor starts its copies, and each key resolves to one of them") {
    stage on;
    const auto& top = on.start(carts(on, 3));
    CHECK(on.happened() == "start cart0, start cart1, start cart2");
    CHECK(on.names->whereis("carts") == top.process);
    CHECK(on.names->whereis("carts/4") == on.process("cart1"));
    const process_ref alice{on.names, "carts/alice"};
    CHECK(alice.resolve());
    CHECK(alice.resolve() == on.names->whereis("carts/alice"));
  }

  TEST_CASE("a partition supervisor fails to start if another process has mounted its prefix, and "
            "the error names that process") {
    stage on;
    const auto other = on.start(on.child("other")).process;
    on.names->mount_for(other, "carts", std::make_shared<root_directory>());
    CHECK(on.start(carts(on, 2)).failure()
          == "name \"carts\" is taken by other (actor " + std::to_string(other.id()) + ')');
    on.end_abruptly(other);
    CHECK(on.start(carts(on, 2)).up());
  }

  TEST_CASE("a second partition supervisor with the same name fails to start, and the first keeps "
            "its names") {
    stage on;
    const auto first = on.start(carts(on, 2)).process;
    const auto& second = on.start(carts(on, 2));
    CHECK_FALSE(second.up());
    CHECK(second.answer->holder == first);
    CHECK(on.names->whereis("carts/0") == on.process("cart0"));
    on.end_abruptly(first);
    CHECK(on.start(carts(on, 2)).up());
    CHECK(on.names->whereis("carts/0"));
  }

  TEST_CASE("keys resolve to the replacement of a crashed copy") {
    stage on;
    on.start(carts(on, 2));
    CHECK(on.is_replaced_after_kill("carts/1"));
  }

  TEST_CASE("a resize to more copies moves keys to the new copies when they are up") {
    stage on;
    const auto& top = on.start(carts(on, 1));
    CHECK(on.names->whereis("carts/1") == on.process("cart0"));
    CHECK(resize(on, top.process, 3));
    CHECK(on.names->whereis("carts/1") == on.process("cart1"));
    CHECK(on.names->whereis("carts/2") == on.process("cart2"));
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->active == 3);
  }

  TEST_CASE("a resize to fewer copies ends the copies with the highest numbers first, and every "
            "key still resolves") {
    stage on;
    const auto& top = on.start(carts(on, 3));
    on.happened();
    CHECK(resize(on, top.process, 1));
    CHECK(on.happened() == "end cart2, end cart1");
    CHECK(on.names->whereis("carts/2") == on.process("cart0"));
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->specs == 1);
  }

  TEST_CASE("a resize whose copy fails to start leaves the number of copies unchanged") {
    stage on;
    auto spec = carts(on, 1);
    spec.child = [&on](std::size_t which) {
      return on.child("cart" + std::to_string(which),
                      which == 2 ? std::deque{init_does::fail} : std::deque<init_does>{});
    };
    const auto& top = on.start(spec);
    const auto answer = resize(on, top.process, 4);
    CHECK(answer.error == supervision_errc::start_failed);
    CHECK(answer.text == "no luck");
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->specs == 1);
    CHECK(on.names->whereis("carts/1") == on.process("cart0"));
    CHECK(resize(on, top.process, 0).error == supervision_errc::bad_spec);
  }

  TEST_CASE("of two concurrent resizes, the later request decides the number of copies") {
    stage on;
    const auto& top = on.start(carts(on, 1));
    const auto first = ask_later<child_result>(on, top.process, resize_partitions{4});
    const auto second = ask_later<child_result>(on, top.process, resize_partitions{2});
    on.time.run();
    CHECK(*first->answer);
    CHECK(*second->answer);
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->specs == 2);
  }

  TEST_CASE("a resize to fewer copies succeeds even if the group restarts at any moment") {
    for (const auto how : {strategy::one_for_all, strategy::rest_for_one})
      for (std::size_t moment = 0; moment < 40; ++moment) {
        CAPTURE(moment);
        stage on;
        auto spec = carts(on, 4);
        spec.strategy = how;
        const auto& top = on.start(spec);
        const auto resized = ask_later<child_result>(on, top.process, resize_partitions{2});
        for (std::size_t turn = 0; turn < moment; ++turn)
          on.time.step();
        if (const auto first = on.process("cart0"))
          on.end_abruptly(first);
        on.time.run();
        REQUIRE(resized->answer);
        REQUIRE(*resized->answer);
        REQUIRE(ask<child_counts>(on, top.process, count_children{}).answer->active == 2);
      }
  }

  TEST_CASE("a claim or release of a partition number out of range affects no partition") {
    stage on;
    on.start(carts(on, 2));
    const auto who = on.process("cart0");
    for (const auto* name : {"carts/18446744073709551615", "carts/10000000000000"}) {
      on.names->claim(name, who);
      on.names->release(name, who.address());
    }
    CHECK(on.names->whereis("carts/0") == who);
  }

  TEST_CASE("an invalid partition supervisor spec fails the start with all faults") {
    stage on;
    CHECK(on.start(partition_supervisor_spec{.id = "p", .name = "a/b"}).failure()
          == "partition supervisor \"p\": name must not be empty or contain a slash, got "
             "\"a/b\"; partition supervisor \"p\": no child function");
  }
}

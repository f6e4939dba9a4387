#include <ottla/actors/virtual_time.hpp>
#include <ottla/registry/internal/pending_changes.hpp>

#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <variant>

using namespace ottla;
using namespace ottla::detail;
using namespace ottla::test;

namespace {

/// Changes, and a process in the place of the registry.
struct reported {
  reported() {
    changes.report_to(registry.address(), true);
    changes.find_registry();
  }
  ~reported() { end_registry(); }

  void end_registry() {
    kill(registry);
    time.run();
    changes.find_registry();
  }

  void add_event(int number) { changes.add_event(name_registered{.name = std::to_string(number)}); }

  static std::string name_of(const name_event& event) {
    return std::get<name_registered>(event).name;
  }

  virtual_time time;
  caf::actor registry = spawn_stranger(time.system());
  pending_changes changes;
};

} // namespace

TEST_SUITE("pending_changes") {
  TEST_CASE_FIXTURE(
    reported, "the registry gets one notification for all changes that it has not taken yet") {
    CHECK_FALSE(changes.must_notify());
    add_event(1);
    CHECK(changes.must_notify());
    CHECK_FALSE(changes.must_notify());
    changes.add_holder(registry.address());
    CHECK_FALSE(changes.must_notify());
    CHECK(changes.take_changed_holders(10).size() == 1);
    CHECK(changes.take_events().size() == 1);
    CHECK_FALSE(changes.must_notify());
    add_event(2);
    CHECK(changes.must_notify());
  }

  TEST_CASE_FIXTURE(reported, "the registry takes changes of holders in batches, and gets no new "
                              "notification until a batch is empty") {
    for (int count = 0; count < 5; ++count)
      changes.add_holder(registry.address());
    CHECK(changes.must_notify());
    CHECK(changes.take_changed_holders(3).size() == 3);
    changes.add_holder(registry.address());
    CHECK_FALSE(changes.must_notify());
    CHECK(changes.take_changed_holders(3).size() == 3);
    CHECK_FALSE(changes.must_notify());
    CHECK(changes.take_changed_holders(3).empty());
    changes.add_holder(registry.address());
    CHECK(changes.must_notify());
  }

  TEST_CASE_FIXTURE(
    reported,
    "events wait without a notification while no registry lives, and the next registry gets them") {
    end_registry();
    CHECK_FALSE(changes.registry_lives());
    add_event(1);
    add_event(2);
    CHECK_FALSE(changes.must_notify());
    registry = spawn_stranger(time.system());
    changes.report_to(registry.address(), true);
    CHECK(changes.find_registry() == registry);
    CHECK(changes.must_notify());
    const auto events = changes.take_events();
    REQUIRE(events.size() == 2);
    CHECK(name_of(events[0]) == "1");
    CHECK(name_of(events[1]) == "2");
  }

  TEST_CASE_FIXTURE(
    reported,
    "a new registry gets no earlier changes of holders and is notified of the next change") {
    changes.add_holder(registry.address());
    CHECK(changes.must_notify());
    changes.report_to(registry.address(), false);
    CHECK_FALSE(changes.has_listeners());
    CHECK_FALSE(changes.must_notify());
    CHECK(changes.take_changed_holders(10).empty());
    changes.add_holder(registry.address());
    CHECK(changes.must_notify());
  }

  TEST_CASE_FIXTURE(reported, "while no registry lives, only the newest events are kept") {
    end_registry();
    constexpr auto most = static_cast<int>(pending_changes::most_events);
    for (int number = 0; number < most + 2; ++number)
      add_event(number);
    const auto events = changes.take_events();
    REQUIRE(events.size() == pending_changes::most_events);
    CHECK(name_of(events.front()) == "2");
    CHECK(name_of(events.back()) == std::to_string(most + 1));
  }

  TEST_CASE_FIXTURE(reported, "no event is dropped while a registry lives") {
    constexpr auto most = static_cast<int>(pending_changes::most_events);
    for (int number = 0; number < most + 2; ++number)
      add_event(number);
    CHECK(changes.take_events().size() == pending_changes::most_events + 2);
  }
}

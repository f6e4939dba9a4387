#include <ottla/actors/virtual_time.hpp>
#include <ottla/registry/internal/news.hpp>

#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <variant>

using namespace ottla;
using namespace ottla::detail;
using namespace ottla::test;

namespace {

/// News, and a process in the place of the registry.
struct reported {
  reported() {
    changes.watch_with(registry.address(), true);
    changes.reader();
  }
  ~reported() { end_registry(); }

  void end_registry() {
    kill(registry);
    time.run();
    changes.reader();
  }

  void happens(int number) { changes.happened(name_registered{.name = std::to_string(number)}); }

  static std::string name_of(const name_event& event) {
    return std::get<name_registered>(event).name;
  }

  virtual_time time;
  caf::actor registry = spawn_stranger(time.system());
  news changes;
};

} // namespace

TEST_SUITE("news") {
  TEST_CASE_FIXTURE(
    reported, "the registry gets one notification for all changes that it has not taken yet") {
    CHECK_FALSE(changes.is_to_be_told());
    happens(1);
    CHECK(changes.is_to_be_told());
    CHECK_FALSE(changes.is_to_be_told());
    changes.changed(registry.address());
    CHECK_FALSE(changes.is_to_be_told());
    CHECK(changes.take_holders(10).size() == 1);
    CHECK(changes.take_events().size() == 1);
    CHECK_FALSE(changes.is_to_be_told());
    happens(2);
    CHECK(changes.is_to_be_told());
  }

  TEST_CASE_FIXTURE(reported, "the registry takes changes of holders in batches, and gets no new "
                              "notification until a batch is empty") {
    for (int count = 0; count < 5; ++count)
      changes.changed(registry.address());
    CHECK(changes.is_to_be_told());
    CHECK(changes.take_holders(3).size() == 3);
    changes.changed(registry.address());
    CHECK_FALSE(changes.is_to_be_told());
    CHECK(changes.take_holders(3).size() == 3);
    CHECK_FALSE(changes.is_to_be_told());
    CHECK(changes.take_holders(3).empty());
    changes.changed(registry.address());
    CHECK(changes.is_to_be_told());
  }

  TEST_CASE_FIXTURE(
    reported,
    "events wait without a notification while no registry lives, and the next registry gets them") {
    end_registry();
    CHECK_FALSE(changes.has_reader());
    happens(1);
    happens(2);
    CHECK_FALSE(changes.is_to_be_told());
    registry = spawn_stranger(time.system());
    changes.watch_with(registry.address(), true);
    CHECK(changes.reader() == registry);
    CHECK(changes.is_to_be_told());
    const auto events = changes.take_events();
    REQUIRE(events.size() == 2);
    CHECK(name_of(events[0]) == "1");
    CHECK(name_of(events[1]) == "2");
  }

  TEST_CASE_FIXTURE(
    reported,
    "a new registry gets no earlier changes of holders and is notified of the next change") {
    changes.changed(registry.address());
    CHECK(changes.is_to_be_told());
    changes.watch_with(registry.address(), false);
    CHECK_FALSE(changes.is_listened_to());
    CHECK_FALSE(changes.is_to_be_told());
    CHECK(changes.take_holders(10).empty());
    changes.changed(registry.address());
    CHECK(changes.is_to_be_told());
  }

  TEST_CASE_FIXTURE(reported, "while no registry lives, only the newest events are kept") {
    end_registry();
    constexpr auto most = static_cast<int>(news::most_unread);
    for (int number = 0; number < most + 2; ++number)
      happens(number);
    const auto events = changes.take_events();
    REQUIRE(events.size() == news::most_unread);
    CHECK(name_of(events.front()) == "2");
    CHECK(name_of(events.back()) == std::to_string(most + 1));
  }

  TEST_CASE_FIXTURE(reported, "no event is dropped while a registry lives") {
    constexpr auto most = static_cast<int>(news::most_unread);
    for (int number = 0; number < most + 2; ++number)
      happens(number);
    CHECK(changes.take_events().size() == news::most_unread + 2);
  }
}

#include <ottla/kafka/internal/driver/librdkafka/event_box.hpp>

#include "support/counter.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace ottla::kafka;

TEST_SUITE("event_box") {
  TEST_CASE("next() returns each event once, in the order of the posts") {
    event_box<int> box;
    CHECK(box.next() == std::nullopt);
    for (const auto event : {3, 1, 2})
      box.post(event);
    CHECK(box.next() == 3);
    CHECK(box.next() == 1);
    CHECK(box.next() == 2);
    CHECK(box.next() == std::nullopt);
  }

  TEST_CASE("a post to an empty box rings the bell after the event is in the box") {
    event_box<int> box;
    std::vector<int> seen;
    box.connect([&] { seen.push_back(box.next().value_or(-1)); });
    box.post(1);
    box.post(2);
    CHECK(seen == std::vector<int>{1, 2});
  }

  TEST_CASE("posts to a box that holds events do not ring again, until the box is empty") {
    event_box<int> box;
    int rings = 0;
    box.connect([&] { ++rings; });
    box.post(1);
    box.post(2);
    CHECK(rings == 1);
    CHECK(box.next() == 1);
    box.post(3);
    CHECK(rings == 1);
    CHECK(box.next() == 2);
    CHECK(box.next() == 3);
    box.post(4);
    CHECK(rings == 2);
  }

  TEST_CASE(
    "connect() calls the new waker once if events are waiting, and otherwise does not call it") {
    event_box<int> box;
    int rings = 0;
    box.connect([&] { ++rings; });
    CHECK(rings == 0);
    box.connect(nullptr);
    box.post(1);
    box.post(2);
    CHECK(rings == 0);
    box.connect([&] { ++rings; });
    CHECK(rings == 1);
  }

  TEST_CASE("a box moves events that cannot be copied") {
    event_box<std::unique_ptr<int>> box;
    box.post(std::make_unique<int>(7));
    const auto event = box.next();
    REQUIRE(event);
    CHECK(**event == 7);
  }

  TEST_CASE("events posted by several threads all arrive, in the order of each thread's posts") {
    constexpr int posts = 2'000;
    event_box<std::pair<std::size_t, int>> box;
    ottla::test::counter rings;
    box.connect([&] { rings.raise(); });
    std::vector<std::thread> posters;
    for (std::size_t number = 0; number < 3; ++number)
      posters.emplace_back([&, number] {
        for (int event = 0; event < posts; ++event)
          box.post({number, event});
      });
    std::array<int, 3> expected{};
    bool in_order = true;
    bool rung = true;
    std::size_t seen_rings = 0;
    for (std::size_t count = 0; count < 3 * posts && rung;) {
      rung = rings.wait_for(++seen_rings);
      // Drains the box, since only the first post rings.
      while (const auto event = box.next()) {
        ++count;
        in_order = in_order && event->second == expected.at(event->first)++;
      }
    }
    for (auto& each : posters)
      each.join();
    CHECK(rung);
    CHECK(in_order);
    CHECK(expected == std::array{posts, posts, posts});
    CHECK(box.next() == std::nullopt);
  }
}

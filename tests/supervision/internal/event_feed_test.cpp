#include <ottla/actors/virtual_time.hpp>
#include <ottla/supervision/internal/event_feed.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::test;

namespace {

/// Publishes an event for each number that it gets. The number is the event's count of restarts.
class publisher : public caf::event_based_actor {
public:
  publisher(caf::actor_config& config, event_feed& feed)
    : caf::event_based_actor{config}, feed_{feed} {}

  caf::behavior make_behavior() override {
    return {[this](int number) {
      feed_.publish(this, {.what = process_event::kind::started,
                           .path = "root/a",
                           .restarts = static_cast<std::size_t>(number)});
    }};
  }

private:
  event_feed& feed_;
};

struct audience {
  ~audience() {
    for (const auto& each : actors)
      kill(each);
    time.run();
  }

  /// A process that notes events as in `b: root/a 3`.
  caf::actor listener(const std::string& name) {
    return actors.emplace_back(spawn_stranger(
      time.system(), caf::behavior{[this, name](const process_event& event) {
        heard += name + ": " + event.path + ' ' + std::to_string(event.restarts) + '\n';
      }}));
  }

  void publish(int number) {
    post(speaker, number);
    time.run();
  }

  std::string what_was_heard() { return std::exchange(heard, {}); }

  event_feed feed;
  std::string heard;
  virtual_time time;
  caf::actor speaker = caf::actor_cast<caf::actor>(time.system().spawn<publisher>(feed));
  std::vector<caf::actor> actors{speaker};
};

} // namespace

TEST_SUITE("event_feed") {
  TEST_CASE_FIXTURE(audience, "each subscriber gets each event once, in order, however often it "
                              "subscribes") {
    const auto a = listener("a");
    const auto b = listener("b");
    for (const auto& each : {a, b, a})
      feed.add(each);
    publish(1);
    CHECK(what_was_heard() == "a: root/a 1\nb: root/a 1\n");
    post(speaker, 2);
    publish(3);
    const auto all = what_was_heard();
    CHECK(all.find("a: root/a 2") < all.find("a: root/a 3"));
    CHECK(all.find("b: root/a 2") < all.find("b: root/a 3"));
  }

  TEST_CASE_FIXTURE(audience, "a subscriber gets no more events after its removal") {
    const auto a = listener("a");
    const auto b = listener("b");
    feed.add(a);
    feed.add(b);
    feed.remove(a);
    publish(1);
    CHECK(what_was_heard() == "b: root/a 1\n");
    feed.remove(a);
    feed.remove(b);
    CHECK(feed.empty());
  }

  TEST_CASE_FIXTURE(audience, "the next event removes dead subscribers, and reaches the others") {
    const auto a = listener("a");
    const auto b = listener("b");
    feed.add(a);
    feed.add(b);
    kill(a);
    time.run();
    publish(1);
    CHECK(what_was_heard() == "b: root/a 1\n");
    kill(b);
    time.run();
    CHECK_FALSE(feed.empty());
    publish(2);
    CHECK(feed.empty());
  }

  TEST_CASE_FIXTURE(audience, "a null handle neither subscribes nor unsubscribes") {
    feed.add({});
    CHECK(feed.empty());
    feed.add(listener("a"));
    feed.remove({});
    CHECK_FALSE(feed.empty());
  }
}

#include <ottla/supervision/internal/restart_queue.hpp>

#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace ottla;
using namespace std::chrono_literals;
using action = restart_queue::action;
using ids = std::vector<std::string>;
using members = std::vector<restart_queue::member>;

namespace {

/// Four children. All run except the children in `down`.
members children(const ids& down = {}) {
  members result;
  for (const auto* id : {"a", "b", "c", "d"})
    result.push_back({.id = id, .running = std::ranges::find(down, id) == down.end()});
  return result;
}

/// The steps until the queue is idle or waits. `-c` stops c, `+c` starts c, `~` waits, `.` is done.
std::string steps(restart_queue& queue, const members& all, std::chrono::nanoseconds now = 0s) {
  std::string result;
  for (;;) {
    const auto next = queue.next(now);
    switch (next.what) {
      case action::idle: return result;
      case action::stop:
        result += '-' + next.id;
        queue.member_stopped(next.id);
        break;
      case action::start:
        result += '+' + next.id;
        queue.child_started(next.id);
        break;
      case action::plan: queue.plan(next.id, all); break;
      case action::wait: return result + '~';
      case action::done: result += '.'; break;
    }
  }
}

} // namespace

TEST_SUITE("restart_queue") {
  TEST_CASE("a restart_queue without failures is idle") {
    restart_queue queue{strategy::one_for_all};
    CHECK(queue.next(0s) == restart_queue::step{});
    CHECK_FALSE(queue.only_waits(0s));
    CHECK_FALSE(queue.wake_time());
  }

  TEST_CASE("the first start starts all children in order, and none counts as waiting") {
    restart_queue queue{strategy::rest_for_one};
    queue.begin({"a", "b"});
    CHECK_FALSE(queue.waits("a"));
    CHECK(steps(queue, children()) == "+a+b.");
  }

  TEST_CASE("one_for_one starts failed children in the order of their failures") {
    restart_queue queue{strategy::one_for_one};
    queue.restart("c", 1s);
    queue.restart("a", 1s);
    CHECK(queue.waits("a"));
    CHECK(steps(queue, children({"a", "c"})) == "+c+a");
    CHECK_FALSE(queue.waits("a"));
  }

  TEST_CASE("with one_for_one, each child waits for its own delay") {
    restart_queue queue{strategy::one_for_one};
    queue.restart("a", 1s, 3s);
    queue.restart("b", 1s, 1s);
    queue.restart("c", 1s);
    const auto all = children({"a", "b", "c"});
    CHECK(steps(queue, all, 1s) == "+c");
    CHECK(queue.wake_time() == 2s);
    queue.wake(2s);
    CHECK(steps(queue, all, 2s) == "+b");
    CHECK(queue.wake_time() == 4s);
    CHECK(queue.waits("a"));
    queue.wake(4s);
    CHECK(steps(queue, all, 4s) == "+a");
    CHECK_FALSE(queue.wake_time());
  }

  TEST_CASE("a child with the longest delay stays down when another child's delay has passed") {
    restart_queue queue{strategy::one_for_one};
    queue.restart("a", 1s, std::chrono::nanoseconds::max());
    queue.restart("b", 1s, 1s);
    const auto all = children({"a", "b"});
    CHECK(queue.wake_time() == 2s);
    queue.wake(2s);
    CHECK(steps(queue, all, 2s) == "+b");
    CHECK(queue.waits("a"));
    CHECK(queue.wake_time() == std::chrono::nanoseconds::max());
  }

  TEST_CASE("one_for_one starts the failed child and stops no other child") {
    restart_queue queue{strategy::one_for_one};
    queue.restart("b", 0s);
    CHECK(steps(queue, children({"b"})) == "+b");
  }

  TEST_CASE("one_for_all stops the other children in reverse order and starts all in order") {
    restart_queue queue{strategy::one_for_all};
    queue.restart("b", 0s);
    CHECK(steps(queue, children({"b"})) == "-d-c-a+a+b+c+d.");
  }

  TEST_CASE("rest_for_one stops later children in reverse order and starts the rest in order") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("b", 0s);
    CHECK(steps(queue, children({"b"})) == "-d-c+b+c+d.");
  }

  TEST_CASE("under rest_for_one, a failure of the last child stops no other child") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("d", 0s);
    CHECK(steps(queue, children({"d"})) == "+d.");
  }

  TEST_CASE("under rest_for_one, an unknown child is not started") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("x", 0s);
    CHECK(steps(queue, children()) == ".");
  }

  TEST_CASE(
    "a restart of random children starts the strategy's group in order and stops the others "
    "in reverse") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 2'000; ++round) {
      ids all;
      for (std::size_t child = 0, count = 1 + random() % 12; child < count; ++child)
        all.push_back("child" + std::to_string(child));
      std::shuffle(all.begin(), all.end(), random);
      const auto position = random() % all.size();
      const auto& failed = all[position];
      const auto how = static_cast<strategy>(random() % 3);
      CAPTURE(static_cast<int>(how));
      CAPTURE(failed);
      members running;
      for (const auto& id : all)
        running.push_back({.id = id, .running = id != failed});
      auto first = all.begin();
      auto last = all.end();
      if (how != strategy::one_for_all)
        first += static_cast<std::ptrdiff_t>(position);
      if (how == strategy::one_for_one)
        last = first + 1;
      std::string expected;
      for (auto each = last; each != first;)
        if (*--each != failed)
          expected += '-' + *each;
      for (auto each = first; each != last; ++each)
        expected += '+' + *each;
      if (how != strategy::one_for_one)
        expected += '.';
      restart_queue queue{how};
      queue.restart(failed, 0s);
      REQUIRE(steps(queue, running) == expected);
    }
  }

  TEST_CASE("a group stops at once, and starts after the longest delay of its members") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("c", 0s, 2s);
    CHECK(steps(queue, children({"c"})) == "-d~");
    CHECK(queue.only_waits(1s));
    CHECK_FALSE(queue.wake_time());
    queue.restart("b", 1s, 500ms);
    const auto down = children({"b", "c", "d"});
    CHECK_FALSE(queue.only_waits(1s));
    CHECK(steps(queue, down, 1s) == "-d-c~");
    CHECK(queue.next(1500ms) == restart_queue::step{action::wait, {}, 2s});
    CHECK(steps(queue, down, 2s) == "+b+c+d.");
  }

  TEST_CASE(
    "a group that replaces a waiting group also starts the waiting group's earlier members") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("a", 0s, 2s);
    CHECK(steps(queue, children({"a"})) == "-d-c-b~");
    // `e` was adopted while the group waited, and is the last child.
    members all = children({"a", "b", "c", "d"});
    all.push_back({.id = "e"});
    queue.restart("e", 1s);
    CHECK(steps(queue, all, 1s) == "~");
    CHECK(steps(queue, all, 2s) == "+a+b+c+d+e.");
  }

  TEST_CASE("a second failed member of a group does not cause a group of its own") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("b", 0s);
    queue.restart("d", 0s);
    CHECK(steps(queue, children({"b", "d"})) == "-d-c+b+c+d.");
  }

  TEST_CASE("a group stops its temporary members and does not start them") {
    restart_queue queue{strategy::one_for_all};
    auto all = children({"a"});
    all[2].temporary = true;
    queue.restart("a", 0s);
    CHECK(steps(queue, all) == "-d-c-b+a+b+d.");
    CHECK_FALSE(queue.waits("c"));
  }

  TEST_CASE("a group also starts members that were down before the failure") {
    restart_queue queue{strategy::one_for_all};
    queue.restart("a", 0s, 1s);
    CHECK(steps(queue, children({"a", "c"})) == "-d-c-b~");
    CHECK(queue.waits("c"));
    CHECK(steps(queue, children({"a", "b", "c", "d"}), 1s) == "+a+b+c+d.");
  }

  TEST_CASE("after a failed start of a member, a new group starts from that member") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("b", 0s);
    REQUIRE(queue.next(0s).what == action::plan);
    queue.plan("b", children({"b", "c", "d"}));
    CHECK(queue.next(0s) == restart_queue::step{action::stop, "d"});
    CHECK(queue.next(0s) == restart_queue::step{action::stop, "c"});
    CHECK(queue.next(0s) == restart_queue::step{action::start, "b"});
    queue.child_started("b");
    CHECK(queue.next(0s) == restart_queue::step{action::start, "c"});
    queue.child_started("c");
    queue.drop_group();
    queue.restart("c", 0s);
    CHECK(queue.waits("d"));
    CHECK(steps(queue, children({"c", "d"})) == "-d+c+d.");
  }

  TEST_CASE("with one_for_one, a cancelled child stays down and the other children start") {
    restart_queue queue{strategy::one_for_one};
    queue.restart("a", 0s);
    queue.restart("b", 0s);
    queue.restart("c", 0s, 1s);
    queue.cancel("a", false);
    queue.cancel("c", false);
    CHECK_FALSE(queue.waits("a"));
    CHECK_FALSE(queue.waits("c"));
    CHECK_FALSE(queue.wake_time());
    CHECK(steps(queue, children({"a", "b", "c"})) == "+b");
  }

  TEST_CASE("a waiting group stays down if its cause is cancelled") {
    restart_queue queue{strategy::one_for_all};
    queue.restart("b", 0s, 1s);
    CHECK(steps(queue, children({"b"})) == "-d-c-a~");
    queue.cancel("b", false);
    for (const auto* id : {"a", "b", "c", "d"})
      CHECK_FALSE(queue.waits(id));
    CHECK(steps(queue, children({"a", "b", "c", "d"}), 1s).empty());
  }

  TEST_CASE("a group stays down if the child that caused it is cancelled while that child starts") {
    restart_queue queue{strategy::rest_for_one};
    queue.restart("b", 0s);
    queue.next(0s);
    queue.plan("b", children({"b", "c", "d"}));
    for (int step = 0; step < 2; ++step)
      queue.member_stopped(queue.next(0s).id);
    CHECK(queue.next(0s) == restart_queue::step{action::start, "b"});
    queue.child_started("b");
    queue.cancel("b", true);
    CHECK_FALSE(queue.waits("c"));
    CHECK(steps(queue, children({"b", "c", "d"})).empty());
  }

  TEST_CASE("a group starts without a cancelled member that is not its cause") {
    restart_queue queue{strategy::one_for_all};
    queue.restart("b", 0s, 1s);
    steps(queue, children({"b"}));
    queue.cancel("c", false);
    CHECK_FALSE(queue.waits("c"));
    CHECK(queue.waits("d"));
    CHECK(steps(queue, children({"a", "b", "c", "d"}), 1s) == "+a+b+d.");
  }

  TEST_CASE("if a member ends before its group stops it, the member waits for its restart") {
    restart_queue queue{strategy::one_for_all};
    queue.restart("b", 0s);
    queue.next(0s);
    queue.plan("b", children({"b"}));
    CHECK(queue.will_stop("a"));
    CHECK_FALSE(queue.will_stop("b"));
    CHECK_FALSE(queue.waits("a"));
    queue.member_stopped("a");
    CHECK(queue.waits("a"));
  }

  TEST_CASE("an abandoned queue starts no child, and waiting children still count as waiting") {
    restart_queue queue{strategy::one_for_one};
    queue.restart("a", 0s);
    queue.restart("b", 0s, 1s);
    queue.abandon();
    CHECK(queue.waits("a"));
    CHECK(queue.waits("b"));
    CHECK_FALSE(queue.wake_time());
    CHECK(queue.next(2s) == restart_queue::step{});
  }

  TEST_CASE("after random failures, all children run again, and none has started before the end of "
            "its delay") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 2'000; ++round) {
      const auto how = static_cast<strategy>(random() % 3);
      CAPTURE(round);
      CAPTURE(static_cast<int>(how));
      restart_queue queue{how};
      members all;
      std::map<std::string, std::chrono::nanoseconds> not_before;
      for (std::size_t child = 0, count = 1 + random() % 6; child < count; ++child)
        all.push_back({.id = "child" + std::to_string(child), .running = true});
      const auto find = [&](const std::string& id) -> restart_queue::member& {
        return *std::ranges::find(all, id, &restart_queue::member::id);
      };
      auto now = 0ns;
      int failures = 20;
      for (int step = 0; step < 1'000; ++step) {
        if (auto& one = all[random() % all.size()];
            failures > 0 && one.running && random() % 3 == 0) {
          --failures;
          one.running = false;
          const std::chrono::nanoseconds delay{random() % 2 * (random() % 50)};
          if (queue.will_stop(one.id)) {
            queue.member_stopped(one.id);
          } else {
            queue.restart(one.id, now, delay);
            not_before[one.id] = now + delay;
          }
          REQUIRE(queue.waits(one.id));
        }
        const auto next = queue.next(now);
        switch (next.what) {
          case action::stop:
            if (std::exchange(find(next.id).running, false))
              queue.member_stopped(next.id);
            break;
          case action::start:
            REQUIRE_FALSE(find(next.id).running);
            REQUIRE(not_before[next.id] <= now);
            find(next.id).running = true;
            queue.child_started(next.id);
            if (failures > 0 && random() % 8 == 0) {
              --failures;
              find(next.id).running = false;
              queue.drop_group();
              queue.restart(next.id, now);
            }
            break;
          case action::plan: queue.plan(next.id, all); break;
          case action::wait: REQUIRE(next.until > now); [[fallthrough]];
          case action::idle:
          case action::done:
            now += 10ns;
            queue.wake(now);
            break;
        }
      }
      REQUIRE(queue.next(now).what == action::idle);
      for (const auto& one : all) {
        CAPTURE(one.id);
        REQUIRE(one.running);
        REQUIRE_FALSE(queue.waits(one.id));
      }
    }
  }
}

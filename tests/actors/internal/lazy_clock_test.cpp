#include <ottla/actors/internal/lazy_clock.hpp>

#if !OTTLA_CAF_1

#  include "support/counter.hpp"

#  include <caf/actor_system.hpp>
#  include <caf/actor_system_config.hpp>
#  include <caf/make_actor.hpp>
#  include <caf/monitorable_actor.hpp>
#  include <doctest/doctest.h>

#  include <chrono>
#  include <cstdint>
#  include <functional>
#  include <memory>
#  include <string>
#  include <thread>
#  include <utility>

using namespace std::chrono_literals;
using ottla::detail::lazy_clock;

namespace {

/// Passes the text of each message to a function, on the thread that sends the message.
class sink : public caf::monitorable_actor {
public:
  using hears = std::function<void(const std::string& what)>;

  sink(caf::actor_config& config, hears hear)
    : caf::monitorable_actor{config}, hear_{std::move(hear)} {}

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    const auto& content = what->content();
    if (content.match_elements<int>())
      hear_(std::to_string(content.get_as<int>(0)));
    else if (content.match_elements<caf::timeout_msg>())
      hear_("timeout " + std::to_string(content.get_as<caf::timeout_msg>(0).timeout_id));
    else if (content.match_elements<caf::error>())
      hear_("request " + std::to_string(what->mid.request_id().integer_value()));
  }

private:
  hears hear_;
};

constexpr auto tick = caf::atom("tick");
constexpr auto tock = caf::atom("tock");

struct timed {
  /// All these times are in the past, so run() sends the messages without waiting.
  static lazy_clock::time_point at(int number) {
    return lazy_clock::time_point{std::chrono::nanoseconds{number}};
  }

  caf::actor add(sink::hears hear) {
    caf::actor_config config;
    return caf::make_actor<sink, caf::actor>(system.next_actor_id(), system.node(), &system, config,
                                             std::move(hear));
  }

  /// An actor whose messages are noted as in `a:timeout 3`.
  caf::actor add(const std::string& name) {
    return add([this, name](const std::string& what) {
      heard += (heard.empty() ? "" : ", ") + name + ':' + what;
    });
  }

  static caf::abstract_actor* raw(const caf::actor& who) {
    return caf::actor_cast<caf::abstract_actor*>(who);
  }

  void send(lazy_clock::time_point when, const caf::actor& to, int number,
            caf::message_id id = caf::make_message_id()) {
    clock.schedule_message(when, caf::actor_cast<caf::strong_actor_ptr>(to),
                           caf::make_mailbox_element(nullptr, id, {}, caf::make_message(number)));
  }

  /// Sends the messages of all timers, and returns the notes of all actors.
  std::string sent() {
    const auto last = add([this](const std::string&) { clock.close(); });
    send(at(1'000'000), last, 0);
    clock.run();
    return heard;
  }

  caf::actor_system_config settings;
  caf::actor_system system{settings};
  lazy_clock clock;
  std::string heard;
  caf::actor a = add("a");
  caf::actor b = add("b");
};

} // namespace

TEST_SUITE("lazy_clock") {
  TEST_CASE_FIXTURE(timed,
                    "timers fire in the order of their times, in whatever order they were set") {
    send(at(3), a, 30);
    clock.set_multi_timeout(at(1), raw(b), tick, 1);
    clock.set_request_timeout(at(4), raw(a), caf::message_id{7});
    clock.set_ordinary_timeout(at(2), raw(a), tick, 2);
    CHECK(sent() == "b:timeout 1, a:timeout 2, a:30, a:request 7");
  }

  TEST_CASE_FIXTURE(
    timed,
    "an ordinary timeout replaces only the actor's former ordinary timeout of the same type") {
    clock.set_ordinary_timeout(at(1), raw(a), tick, 1);
    clock.set_ordinary_timeout(at(2), raw(a), tock, 2);
    clock.set_ordinary_timeout(at(3), raw(b), tick, 3);
    clock.set_multi_timeout(at(4), raw(a), tick, 4);
    clock.set_ordinary_timeout(at(5), raw(a), tick, 5);
    CHECK(sent() == "a:timeout 2, b:timeout 3, a:timeout 4, a:timeout 5");
  }

  TEST_CASE_FIXTURE(timed, "each of several multi timeouts of one type fires") {
    for (const int number : {1, 2, 3})
      clock.set_multi_timeout(at(number), raw(a), tick, static_cast<std::uint64_t>(number));
    CHECK(sent() == "a:timeout 1, a:timeout 2, a:timeout 3");
  }

  TEST_CASE_FIXTURE(
    timed, "cancel_ordinary_timeout() drops one timer and keeps timers of other types and actors") {
    clock.set_ordinary_timeout(at(1), raw(a), tick, 1);
    clock.set_ordinary_timeout(at(2), raw(a), tock, 2);
    clock.set_ordinary_timeout(at(3), raw(b), tick, 3);
    clock.cancel_ordinary_timeout(raw(a), tick);
    clock.cancel_ordinary_timeout(raw(a), tick);
    CHECK(sent() == "a:timeout 2, b:timeout 3");
  }

  TEST_CASE_FIXTURE(timed,
                    "cancel_request_timeout() drops one request timeout and keeps the others") {
    for (const int number : {1, 2, 3})
      clock.set_request_timeout(at(number), raw(a),
                                caf::message_id{static_cast<std::uint64_t>(number)});
    clock.set_request_timeout(at(4), raw(b), caf::message_id{2});
    clock.cancel_request_timeout(raw(a), caf::message_id{2});
    clock.cancel_request_timeout(raw(a), caf::message_id{9});
    CHECK(sent() == "a:request 1, a:request 3, b:request 2");
  }

  TEST_CASE_FIXTURE(timed, "cancel_timeouts() drops all timers and messages of one actor and keeps "
                           "timers of other actors") {
    clock.set_ordinary_timeout(at(1), raw(a), tick, 1);
    clock.set_multi_timeout(at(2), raw(a), tick, 2);
    clock.set_request_timeout(at(3), raw(a), caf::message_id{3});
    send(at(4), a, 4);
    send(at(5), b, 5);
    clock.set_ordinary_timeout(at(6), raw(b), tick, 6);
    clock.cancel_timeouts(raw(a));
    CHECK(sent() == "b:5, b:timeout 6");
  }

  TEST_CASE_FIXTURE(
    timed, "cancel_timeouts() keeps delayed requests, because their senders wait for a response") {
    send(at(1), a, 1, caf::message_id{1});
    send(at(2), a, 2);
    clock.cancel_timeouts(raw(a));
    CHECK(sent() == "a:1");
  }

  TEST_CASE_FIXTURE(timed, "cancel_all() drops every timer, and timers set after it fire") {
    clock.set_ordinary_timeout(at(1), raw(a), tick, 1);
    send(at(2), b, 2);
    clock.cancel_all();
    clock.set_ordinary_timeout(at(3), raw(a), tick, 3);
    CHECK(sent() == "a:timeout 3");
  }

  TEST_CASE_FIXTURE(timed, "a cancelled timer releases its actor") {
    const auto flag = std::make_shared<int>(0);
    auto brief = add([flag](const std::string&) {});
    send(at(1), brief, 1);
    auto* const self = raw(brief);
    CHECK(flag.use_count() == 2);
    // The timer now holds the only handle.
    brief = {};
    CHECK(flag.use_count() == 2);
    clock.cancel_timeouts(self);
    CHECK(flag.use_count() == 1);
  }

  TEST_CASE_FIXTURE(timed, "a receiver can set a timer that is due at once") {
    int count = 0;
    caf::actor again;
    again = add([&](const std::string& what) {
      heard += what + ' ';
      if (++count < 3)
        send(at(count), again, count);
    });
    send(at(0), again, 0);
    CHECK(sent() == "0 1 2 ");
    again = {};
  }

  TEST_CASE_FIXTURE(timed,
                    "a new timer or close() wakes a clock thread that sleeps until a later timer") {
    ottla::test::counter messages;
    const auto counting = add([&](const std::string&) { messages.raise(); });
    send(lazy_clock::time_point::max(), counting, 0);
    std::thread runs{[&] { clock.run(); }};
    bool all_sent = true;
    for (std::size_t count = 1; count <= 200 && all_sent; ++count) {
      send(at(1), counting, 0);
      all_sent = messages.wait_for(count);
    }
    CHECK(all_sent);
    clock.close();
    runs.join();
    CHECK(messages.value() == 200);
  }

  TEST_CASE_FIXTURE(timed,
                    "each of several threads can set and cancel timers while the clock runs") {
    constexpr std::size_t rounds = 500;
    ottla::test::counter messages;
    const auto counting = add([&](const std::string&) { messages.raise(); });
    const auto cancelled = add([&](const std::string&) {});
    std::thread runs{[&] { clock.run(); }};
    std::thread other{[&] {
      for (std::size_t round = 0; round < rounds; ++round) {
        send(at(1), counting, 0);
        clock.set_ordinary_timeout(lazy_clock::time_point::max(), raw(cancelled), tick, round);
        clock.cancel_timeouts(raw(cancelled));
      }
    }};
    for (std::size_t round = 0; round < rounds; ++round) {
      clock.set_multi_timeout(at(1), raw(counting), tick, round);
      clock.set_request_timeout(lazy_clock::time_point::max(), raw(cancelled), caf::message_id{1});
      clock.cancel_request_timeout(raw(cancelled), caf::message_id{1});
    }
    CHECK(messages.wait_for(2 * rounds));
    other.join();
    clock.close();
    runs.join();
    CHECK(messages.value() == 2 * rounds);
  }
}

#endif

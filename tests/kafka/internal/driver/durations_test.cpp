// How handles, cluster requests and records treat extreme durations and points in time: the longest
// and the shortest values, negative values and zero.

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>

#include "event_pump.hpp"
#include "raw_producer.hpp"
#include "support/duration_units.hpp"

#include <fmt/format.h>

#include <limits>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using std::chrono::sys_seconds;

constexpr auto endless = double_seconds{std::numeric_limits<double>::infinity()};

// Coarser units and floating-point durations convert implicitly. Finer units, which would lose a
// fraction, do not convert.
template <class Setting, class... Given>
constexpr bool takes = (std::is_convertible_v<Given, Setting> && ...);
static_assert(takes<saturating<milliseconds>, hours, seconds, milliseconds, double_seconds>);
static_assert(!takes<saturating<milliseconds>, microseconds>);
static_assert(takes<saturating<microseconds>, hours, milliseconds, microseconds, double_seconds>);
static_assert(!takes<saturating<microseconds>, std::chrono::nanoseconds>);
static_assert(takes<saturating_time, sys_seconds, std::chrono::sys_days,
                    std::chrono::system_clock::time_point, std::chrono::sys_time<double_seconds>>);
static_assert(!takes<saturating_time, std::chrono::steady_clock::time_point>);
static_assert(saturating_time{sys_seconds::max()} == std::chrono::system_clock::time_point::max());
static_assert(saturating_time{sys_seconds::min()} == std::chrono::system_clock::time_point::min());
static_assert(saturating_time{} == std::chrono::system_clock::time_point{});

/// Timestamps of the topic's first `count` records.
std::vector<std::chrono::system_clock::time_point> timestamps_in(driver& kafka, std::size_t count) {
  member reader{kafka.open_consumer(quick("g"))};
  const auto from = join(reader, "t");
  wake_counter wakes;
  from.at(0)->wake_on_message(wakes.hand_out());
  std::vector<std::chrono::system_clock::time_point> times;
  const auto until = steady::now() + 20s;
  while (times.size() < count && wakes.wait(until))
    for (const auto& each : from[0]->take(10).messages)
      times.push_back(each.timestamp().value());
  from[0]->wake_on_message({});
  return times;
}

std::chrono::system_clock::time_point in_milliseconds(std::int64_t count) {
  return std::chrono::sys_time<milliseconds>{milliseconds{count}};
}

} // namespace

TEST_SUITE("durations of handles") {
  TEST_CASE("a handle rejects an invalid duration in one line that names the setting") {
    const auto opens = [](const cluster_settings& common, const consumer_handle_settings& how) {
      const auto opened = make_librdkafka_driver(common)->open_consumer(how);
      const auto* why = std::get_if<error>(&opened);
      return why == nullptr ? "" : why->text;
    };
    const cluster_settings common{.brokers = "localhost:1"};
    for (const auto bad : {longest_ms, shortest_ms, milliseconds{-1}}) {
      const auto got = fmt::format("got {}ms", bad.count());
      CHECK(opens({.brokers = "localhost:1", .metadata_interval = bad}, {.group = "g"})
            == "metadata_interval must be from 1ms to 3600000ms, " + got);
      CHECK(opens(common, {.group = "g", .session_timeout = bad})
            == "session_timeout must be from 1ms to 3600000ms, " + got);
      CHECK(opens(common, {.group = "g", .heartbeat_interval = bad})
            == "heartbeat_interval must be from 1ms to 3600000ms, " + got);
      CHECK(opens(common, {.group = "g", .max_poll_interval = bad})
            == "max_poll_interval must be from 1ms to 86400000ms, " + got);
      CHECK(opens(common, {.group = "g", .fetch_wait = bad})
            == "fetch_wait must be from 0ms to 300000ms, " + got);
      const auto opened = make_librdkafka_driver(common)->open_producer({.delivery_timeout = bad});
      CHECK(std::get<error>(opened).text
            == "delivery_timeout must be from 1ms to 2147483647ms, " + got);
    }
    for (const auto bad : {microseconds::max(), microseconds::min(), microseconds{-1}}) {
      const auto opened = make_librdkafka_driver(common)->open_producer({.linger = bad});
      CHECK(std::get<error>(opened).text
            == fmt::format("linger must be from 0ms to 900000ms, got {}us", bad.count()));
    }
  }

  TEST_CASE("a number in extra that librdkafka would truncate to 32 bits is rejected") {
    const auto wrong = [](const std::string& value) {
      const auto opened = make_librdkafka_driver(
                            {.brokers = "localhost:1", .extra = {{"socket.timeout.ms", value}}})
                            ->open_consumer(quick("g"));
      const auto* why = std::get_if<error>(&opened);
      return why == nullptr ? "" : why->text;
    };
    CHECK(wrong("10000") == "");
    CHECK(wrong("0x2710") == "");
    CHECK(wrong("4294977296")
          == "\"socket.timeout.ms\" cannot be \"4294977296\": the number is too large");
    CHECK(wrong("99999999999999999999") != "");
  }

  TEST_CASE("a large number in extra is accepted if the key's value is a text") {
    const auto opened
      = make_librdkafka_driver(
          {.brokers = "localhost:1",
           .extra = {{"client.rack", "4294977296"}, {"sasl.username", "12345678901234567890"}}})
          ->open_consumer(quick("g"));
    CHECK(std::holds_alternative<std::unique_ptr<consumer_handle>>(opened));
  }
}

TEST_SUITE("durations of cluster requests" * doctest::timeout(120)) {
  TEST_CASE("a cluster request accepts the longest durations as timeout") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const cluster_settings asked{.brokers = cluster.brokers()};
    const auto check = [&](auto within) {
      const auto listed = list_topics(asked, within);
      REQUIRE(listed);
      CHECK(listed->size() == 1);
    };
    check(hours::max());
    check(seconds::max());
    check(longest_ms);
    check(endless);
    check(milliseconds{(std::int64_t{1} << 32U) + 1});
    check(hours{24});
  }

  TEST_CASE(
    "a cluster request with a timeout of zero or less is rejected without asking a broker") {
    const cluster_settings nobody{.brokers = "127.0.0.1:1"};
    for (const auto bad : {milliseconds{0}, milliseconds{-5}, shortest_ms}) {
      const auto text = fmt::format("within must be positive, got {}ms", bad.count());
      const auto listed = list_topics(nobody, bad);
      const auto made = create_topic(nobody, {.name = "t"}, bad);
      const auto deleted = delete_topic(nobody, "t", bad);
      for (const auto& why : {listed.error(), made.error(), deleted.error()}) {
        CHECK(why.code == errc::bad_setting);
        CHECK(why.text == text);
      }
    }
    CHECK(list_topics(nobody, hours::min()).error().code == errc::bad_setting);
  }

  TEST_CASE("a cluster request with the shortest timeout fails as unreachable") {
    const auto listed = list_topics({.brokers = "127.0.0.1:1"}, 1ms);
    REQUIRE_FALSE(listed);
    CHECK(listed.error().code == errc::unreachable);
    CHECK(listed.error().text.find("answered within 1 ms") != std::string::npos);
  }

  TEST_CASE("await_reaped waits no longer than its timeout") {
    for (const auto within : {longest_ms, milliseconds{10'000}}) {
      {
        member left{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_consumer(quick("g"))};
      }
      CHECK(await_reaped(within) == 0);
    }
    CHECK(await_reaped(hours::max()) == 0);
    for (const auto within : {shortest_ms, milliseconds{-1}, milliseconds{0}}) {
      {
        member left{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_consumer(quick("g"))};
      }
      const auto began = steady::now();
      static_cast<void>(await_reaped(within));
      CHECK(steady::now() - began < 2s);
      CHECK(await_reaped(seconds::max()) == 0);
    }
  }
}

TEST_SUITE("points in time" * doctest::timeout(120)) {
  TEST_CASE("`since` resolves the latest time to the log's end, and the earliest time to the first "
            "record") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    store(*kafka, "t", numbered(10));
    member who{kafka->open_consumer(quick("g"))};
    const auto begins_at = [&](since from) {
      who->resolve(std::vector<topic_partition>{{"t", 0}}, from, earliest{});
      return who.expect<resolved>().beginnings.at(0).offset;
    };
    CHECK(begins_at({.when = sys_seconds::max()}) == 10);
    CHECK(begins_at({.when = std::chrono::system_clock::time_point::max()}) == 10);
    CHECK(begins_at({.when = std::chrono::sys_time<hours>::max()}) == 10);
    CHECK(begins_at({.when = sys_seconds::min()}) == 0);
    CHECK(begins_at({.when = std::chrono::sys_time<hours>::min()}) == 0);
    CHECK(begins_at({.when = sys_seconds{-1s}}) == 0);
  }

  TEST_CASE("a record's timestamp saturates at the clock's maximum, and a timestamp before 1970 is "
            "rejected") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    sender to{kafka->open_producer({.linger = 0us})};
    std::vector<record> records{
      {.value = "a", .timestamp = sys_seconds::max()},
      {.value = "b", .timestamp = sys_seconds::min()},
      {.value = "c", .timestamp = sys_seconds{-1s}},
      {.value = "d", .timestamp = sys_seconds{}},
      {.value = "e", .timestamp = std::chrono::sys_time<std::chrono::nanoseconds>{-1ns}}};
    REQUIRE(to->send(make_batch(1, "t", std::move(records)), 0) == 5);
    const auto report = to.expect<delivered>();
    REQUIRE(report.failures.size() == 3);
    CHECK(report.failures[0].index == 1);
    CHECK(report.failures[0].why.text.find("must not be before 1970, got -9223372036854775808ns")
          != std::string::npos);
    CHECK(report.failures[1].index == 2);
    CHECK(report.failures[1].why.text.find("got -1000ms") != std::string::npos);
    CHECK(report.failures[2].index == 4);
    CHECK(report.failures[2].why.text.find("got -1ns") != std::string::npos);
    CHECK(timestamps_in(*kafka, 2).at(0) == in_milliseconds(9'223'372'036'854));
  }

  TEST_CASE("a timestamp beyond the clock's range is read as the clock's maximum") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    raw_producer other{cluster.brokers()};
    other.send_at("t", "late", std::nullopt, std::numeric_limits<std::int64_t>::max());
    other.flush();
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    CHECK(timestamps_in(*kafka, 1).at(0) == std::chrono::system_clock::time_point::max());
  }
}

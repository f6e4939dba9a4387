#include <ottla/kafka/internal/driver/librdkafka/answer_times.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owed_answers.hpp>
#include <ottla/kafka/internal/driver/librdkafka/request_kinds.hpp>

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

/// Two connections to broker 1 and one connection to broker 2.
struct ledger {
  owed_answers owed;
  owed_answers::time_point now{1h};
  std::optional<std::chrono::milliseconds> received;
  int first = 0;
  int second = 0;
  int other = 0;

  owed_answers::broker broker_of(const int& over) const {
    return &over == &other ? owed_answers::broker{2, "b:9092"} : owed_answers::broker{1, "a:9092"};
  }
  void send(const int& over, std::int16_t kind) {
    owed.sent(&over, broker_of(over), {kind, answer_times{}.of(kind)}, now);
  }
  void answer(const int& over, std::int16_t kind) { owed.answered(&over, kind, now); }
  void close(const int& over) { owed.closed(&over, now); }

  std::string silent() {
    std::string all;
    for (const auto& name : owed.silent(now, [this](int) { return received; }))
      all += name + ";";
    return all;
  }
  /// Returns the silent brokers of the second of two checks, 500 ms apart.
  std::string silent_soon() {
    silent();
    now += 500ms;
    return silent();
  }
};

} // namespace

using namespace ottla::kafka::request_kind;

TEST_SUITE("owed_answers") {
  TEST_CASE_FIXTURE(
    ledger, "a broker that owes an answer for too long is silent, even if other brokers answer") {
    send(first, heartbeat);
    for (int i = 0; i < 8; ++i, now += 500ms) {
      send(other, heartbeat);
      answer(other, heartbeat);
      CHECK(silent() == "");
    }
    CHECK(silent() == "broker 1 (a:9092);");
    answer(other, heartbeat);
    CHECK(silent() == "broker 1 (a:9092);");
    answer(first, heartbeat);
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger, "a broker that owes no answer is never silent") {
    send(first, metadata);
    answer(first, metadata);
    now += 1h;
    CHECK(silent_soon() == "");
  }

  TEST_CASE_FIXTURE(ledger, "each kind of request has its own time limit for the answer") {
    const std::map<std::int16_t, std::chrono::milliseconds> times{
      {heartbeat, 0ms}, {api_versions, 0ms}, {fetch, 500ms}, {offset_commit, 5s}, {produce, 30s}};
    for (const auto& each : times) {
      const auto kind = each.first;
      CAPTURE(kind);
      send(first, kind);
      now += each.second + 2'999ms;
      CHECK(silent_soon() == "");
      now += 1ms;
      CHECK(silent_soon() == "broker 1 (a:9092);");
      answer(first, kind);
    }
    for (const auto kind : {join_group, sync_group}) {
      send(first, kind);
      now += 1h;
      CHECK(silent_soon() == "");
      answer(first, kind);
    }
  }

  TEST_CASE_FIXTURE(ledger,
                    "the time limit of a request begins when earlier requests are answered") {
    send(first, fetch);
    send(first, metadata);
    now += 3'400ms;
    CHECK(silent_soon() == "");
    answer(first, fetch);
    now += 2'900ms;
    CHECK(silent_soon() == "");
    now += 100ms;
    CHECK(silent_soon() == "broker 1 (a:9092);");
  }

  TEST_CASE_FIXTURE(ledger,
                    "an answer to a later request settles earlier requests that timed out") {
    send(first, heartbeat);
    send(first, metadata);
    answer(first, metadata);
    now += 1h;
    CHECK(silent_soon() == "");
    send(first, heartbeat);
    now += 1min;
    CHECK(silent_soon() == "broker 1 (a:9092);");
    answer(first, -1);
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger,
                    "a silent broker stays silent while its connections close and open again") {
    send(first, heartbeat);
    now += 4s;
    CHECK(silent_soon() == "broker 1 (a:9092);");
    for (int i = 0; i < 10; ++i) {
      close(first);
      now += 10s;
      CHECK(silent() == "broker 1 (a:9092);");
      send(first, api_versions);
      now += 1s;
      CHECK(silent() == "broker 1 (a:9092);");
    }
    answer(first, api_versions);
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger, "a silent broker stays silent until its silent connection closes and "
                            "another connection answers") {
    send(first, heartbeat);
    now += 4s;
    CHECK(silent_soon() == "broker 1 (a:9092);");
    send(second, metadata);
    answer(second, metadata);
    // The first connection is still open, and its answer is still owed.
    CHECK(silent() == "broker 1 (a:9092);");
    close(first);
    CHECK(silent() == "broker 1 (a:9092);");
    send(second, metadata);
    answer(second, metadata);
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger, "a silent broker is forgotten after 15 s without connections") {
    send(first, heartbeat);
    now += 4s;
    CHECK(silent_soon() == "broker 1 (a:9092);");
    close(first);
    now += 14s;
    CHECK(silent() == "broker 1 (a:9092);");
    now += 1s;
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger,
                    "a connection that leads to another broker starts without owed answers") {
    owed.sent(&first, {1, ""}, {heartbeat}, now);
    now += 4s;
    CHECK(silent_soon() == "broker 1;");
    close(first);
    owed.sent(&first, {2, ""}, {heartbeat}, now);
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger, "closing a connection clears its owed answers") {
    send(first, heartbeat);
    now += 3s;
    close(first);
    now += 1h;
    CHECK(silent_soon() == "");
  }

  TEST_CASE_FIXTURE(ledger,
                    "an answer that a suspended program reads right after it resumes is not late") {
    send(first, heartbeat);
    now += 1h;
    CHECK(silent() == "");
    now += 10ms;
    CHECK(silent() == "");
    answer(first, heartbeat);
    now += 500ms;
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger, "a broker owes no answer to a request that expects none") {
    send(first, produce);
    owed.wants_no_answer(&first, produce);
    now += 1h;
    CHECK(silent_soon() == "");
  }

  TEST_CASE_FIXTURE(ledger, "a connection attempt counts as an owed answer until it succeeds") {
    owed.connecting(&first, {-1, "a:9092"}, now);
    now += 2'900ms;
    CHECK(silent_soon() == "");
    now += 100ms;
    CHECK(silent_soon() == "a:9092;");
    owed.connected(&first, now);
    send(first, api_versions);
    CHECK(silent() == "broker 1 (a:9092);");
    answer(first, api_versions);
    CHECK(silent() == "");
  }

  TEST_CASE_FIXTURE(ledger, "a broker whose large answer is still arriving is not silent") {
    received = 100ms;
    send(first, fetch);
    now += 1min;
    CHECK(silent_soon() == "");
    received = 4s;
    CHECK(silent_soon() == "broker 1 (a:9092);");
  }

  TEST_CASE_FIXTURE(ledger, "the group's coordinator is reported under its broker's name") {
    owed.sent(&second, {2, ""}, {heartbeat}, now);
    now += 4s;
    CHECK(silent_soon() == "broker 2;");
    send(other, fetch);
    now += 1h;
    CHECK(silent() == "broker 2 (b:9092);");
  }

  TEST_CASE("address_in extracts a broker's address from librdkafka's name of the broker") {
    CHECK(address_in("ssl://a:9093/1") == "a:9093");
    CHECK(address_in("a:9092/bootstrap") == "a:9092");
    CHECK(address_in("sasl_ssl://[::1]:9092/7") == "[::1]:9092");
    CHECK(address_in("GroupCoordinator") == "");
  }
}

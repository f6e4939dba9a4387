#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

struct seen {
  broker_contact contact;
  broker_contact::time_point now{};

  void attempt(const std::string& broker, bool succeeds) {
    contact.state_changed(broker, "TRY_CONNECT", now);
    contact.state_changed(broker, "CONNECT", now);
    contact.state_changed(broker, succeeds ? "UP" : "DOWN", now);
  }
  std::string failing() const {
    std::string all;
    for (const auto& each : contact.view(now).failing)
      all += each + ' ';
    return all;
  }
};

} // namespace

TEST_SUITE("broker_contact") {
  TEST_CASE_FIXTURE(seen, "silent_for is empty until the first answer of a broker") {
    CHECK_FALSE(contact.view(now).silent_for.has_value());
    contact.answered(now);
    CHECK(contact.view(now + 3s).silent_for == 3'000ms);
  }

  TEST_CASE_FIXTURE(seen, "an address is failing from its second failed connection attempt in a "
                          "row until an attempt succeeds") {
    attempt("a:1", false);
    CHECK(failing() == "");
    attempt("a:1", false);
    attempt("b:1", true);
    CHECK(failing() == "no connection to a:1 ");
    attempt("a:1", true);
    CHECK(failing() == "");
  }

  TEST_CASE_FIXTURE(seen,
                    "a broker that owes an answer is reported even if another broker answers") {
    const int line = 0;
    contact.note([&](owed_answers& owed) { owed.sent(&line, {1, "a:1"}, {}, now); });
    for (int i = 0; i < 10; ++i, now += 500ms) {
      contact.answered(now);
      CHECK(failing() == (i < 8 ? "" : "no answer from broker 1 (a:1) "));
    }
    contact.note([&](owed_answers& owed) { owed.answered(&line, -1, now); });
    CHECK(failing() == "");
  }

  TEST_CASE_FIXTURE(seen, "closing an established connection does not count as a failed attempt") {
    for (int i = 0; i < 5; ++i) {
      attempt("a:1", true);
      contact.state_changed("a:1", "DOWN", now);
    }
    CHECK(failing() == "");
  }

  TEST_CASE_FIXTURE(
    seen, "an address that has served once counts as having served under every broker id") {
    CHECK_FALSE(contact.has_served("ssl://a:1/bootstrap"));
    contact.served("ssl://a:1/bootstrap");
    CHECK(contact.has_served("ssl://a:1/7"));
    CHECK_FALSE(contact.has_served("a:1/7"));
    CHECK_FALSE(contact.has_served("ssl://a:2/7"));
    CHECK_FALSE(contact.has_served(""));
    contact.served("GroupCoordinator");
    CHECK(contact.has_served("GroupCoordinator"));
  }

  TEST_CASE_FIXTURE(seen, "a failed broker is forgotten after 15 s without connection attempts") {
    attempt("a:1", false);
    attempt("a:1", false);
    now += 14s;
    CHECK(failing() == "no connection to a:1 ");
    now += 2s;
    CHECK(failing() == "");
  }
}

#include <ottla/kafka/internal/producer/producer_health.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace ottla::kafka;

namespace {

struct noted {
  std::shared_ptr<health_board> board = std::make_shared<health_board>();
  producer_health health{board};

  std::string report() const { return to_string(board->report()); }
  void report_batch(std::size_t stored, std::vector<errc> failures) {
    std::vector<delivered::failure> how;
    for (const auto code : failures)
      how.push_back({how.size(), {.code = code, .text = "no luck"}});
    health.reported("t", stored, how);
  }
};

} // namespace

TEST_SUITE("producer_health") {
  TEST_CASE_FIXTURE(noted,
                    "records that time out degrade their topic's health until a record is stored") {
    report_batch(1, {errc::timed_out, errc::timed_out});
    CHECK(
      report()
      == "degraded: producer/t: 2 of 3 records were not confirmed as stored: timed_out: no luck");
    report_batch(1, {});
    CHECK(report() == "healthy");
  }

  TEST_CASE_FIXTURE(noted,
                    "a rejected authorization stalls the topic's health until a record is stored") {
    report_batch(0, {errc::not_authorized});
    CHECK(report()
          == "stalled: producer/t: 1 of 1 records were not confirmed as stored: not_authorized: no "
             "luck");
    report_batch(0, {});
    CHECK(report().starts_with("stalled"));
    report_batch(2, {});
    CHECK(report() == "healthy");
  }

  TEST_CASE_FIXTURE(
    noted,
    "a record that is too large, names a missing topic or fails because the handle closes does not "
    "change the health") {
    report_batch(0, {errc::record_too_large, errc::unknown_topic, errc::closed});
    CHECK(report() == "healthy");
  }

  TEST_CASE_FIXTURE(
    noted, "a fatal failure degrades the shared producer's health until a record is stored") {
    health.failed({.code = errc::fenced, .fatal = true, .text = "a newer producer"});
    CHECK(report() == "degraded: producer: fenced: a newer producer");
    report_batch(1, {});
    CHECK(report() == "healthy");
  }

  TEST_CASE_FIXTURE(
    noted, "unreachable brokers and rejected credentials change the health of the brokers") {
    health.failed({.code = errc::unreachable, .text = "all down"});
    CHECK(report() == "degraded: brokers: unreachable: all down");
    health.failed({.code = errc::authentication_failed, .text = "bad password"});
    CHECK(report() == "stalled: brokers: authentication_failed: bad password");
  }
}

#include <ottla/kafka/internal/partition/verdict_ledger.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

using namespace ottla::kafka;

namespace {

/// Applies verdicts on batches that follow each other.
struct judged {
  /// Returns the completed ranges, as in `0-5 7-9`. The end is exclusive.
  std::string apply(const verdict& what, std::int64_t next) {
    std::string completed;
    ledger.apply(what, first, next, [&](std::int64_t from, std::int64_t to) {
      completed += (completed.empty() ? "" : " ") + std::to_string(from) + '-' + std::to_string(to);
    });
    first = next;
    return completed;
  }

  verdict_ledger ledger;
  std::int64_t first = 0;
};

} // namespace

TEST_SUITE("verdict_ledger") {
  TEST_CASE_FIXTURE(judged, "ack() completes exactly its batch if no earlier offset is open") {
    CHECK(apply(ack(), 5) == "0-5");
    CHECK(apply(ack(), 6) == "5-6");
  }

  TEST_CASE_FIXTURE(judged, "ack() also completes the batches that carry_on() left open") {
    CHECK(apply(carry_on(), 5) == "");
    CHECK(apply(carry_on(), 8) == "");
    CHECK(apply(ack(), 9) == "0-9");
    CHECK(apply(ack(), 10) == "9-10");
  }

  TEST_CASE_FIXTURE(judged, "ack_until() completes its offset and all open offsets below") {
    CHECK(apply(carry_on(), 5) == "");
    CHECK(apply(ack_until(6), 10) == "0-7");
    CHECK(apply(ack_until(12), 15) == "7-13");
    CHECK(apply(ack(), 16) == "13-16");
  }

  TEST_CASE_FIXTURE(judged, "ack_until() with an offset at or after the batch's end completes the "
                            "batch and no later offset") {
    CHECK(apply(ack_until(4), 5) == "0-5");
    CHECK(apply(ack_until(10), 10) == "5-10");
    CHECK(apply(ack_until(9'000), 15) == "10-15");
    CHECK(apply(ack(), 16) == "15-16");
  }

  TEST_CASE_FIXTURE(judged,
                    "ack_until() with an offset below the batch leaves the whole batch open") {
    CHECK(apply(carry_on(), 5) == "");
    CHECK(apply(ack_until(2), 10) == "0-3");
    CHECK(apply(ack_until(-1), 12) == "");
    CHECK(apply(ack(), 13) == "3-13");
  }

  TEST_CASE_FIXTURE(judged, "a batch answered with no_ack() or later() is never completed by the "
                            "verdict of the next batch") {
    CHECK(apply(no_ack(), 5) == "");
    CHECK(apply(ack(), 8) == "5-8");
    CHECK(apply(later(), 10) == "");
    CHECK(apply(ack_until(11), 12) == "10-12");
  }

  TEST_CASE_FIXTURE(judged, "a rejected batch splits the open offsets into ranges, which one ack() "
                            "completes in order") {
    CHECK(apply(carry_on(), 5) == "");
    CHECK(apply(no_ack(), 8) == "");
    CHECK(apply(carry_on(), 10) == "");
    CHECK(apply(later(), 12) == "");
    CHECK(apply(ack(), 15) == "0-5 8-10 12-15");
    CHECK(apply(ack(), 16) == "15-16");
  }

  TEST_CASE_FIXTURE(
    judged, "ack_until() with an offset inside an open range keeps the rest of the range open") {
    CHECK(apply(carry_on(), 5) == "");
    CHECK(apply(no_ack(), 8) == "");
    CHECK(apply(ack_until(3), 10) == "0-4");
    CHECK(apply(ack_until(8), 12) == "4-5 8-9");
    CHECK(apply(ack(), 13) == "9-13");
  }

  TEST_CASE_FIXTURE(judged, "verdicts complete offsets up to the largest offset of Kafka") {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    first = largest - 10;
    CHECK(apply(carry_on(), largest - 5) == "");
    CHECK(apply(ack_until(largest), largest)
          == std::to_string(largest - 10) + '-' + std::to_string(largest));
  }
}

#include "run/pending_produces.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace command;
using namespace std::chrono_literals;

namespace {

/// Records that nobody takes: a producer without a connection rejects them at once.
struct rejected_produces {
  reporter faults{output_format::text, false};
  bool is_interrupted = true;
  pending_produces pending{{}, "orders", 1s, 40'000, faults, [this] { return is_interrupted; }};
};

} // namespace

TEST_SUITE("command: pending_produces") {
  TEST_CASE_FIXTURE(rejected_produces, "a produce takes a quarter of the buffer") {
    for (std::uint64_t line = 1; line < 40; ++line)
      pending.add({}, line);
    CHECK(pending.not_stored().records == 0);
    pending.add({}, 40);
    CHECK(pending.not_stored().records == 40);
  }

  TEST_CASE_FIXTURE(rejected_produces, "headers count as bytes of a produce") {
    pending.add({.record = {.value = "a book"}}, 1);
    CHECK(pending.not_stored().records == 0);
    pending.add({.record = {.headers = {{"h", std::string(10'000, 'x')}}}}, 2);
    CHECK(pending.not_stored().records == 2);
  }

  TEST_CASE_FIXTURE(rejected_produces,
                    "records that are not stored are counted, and the first line is known") {
    for (std::uint64_t line = 7; line < 10; ++line)
      pending.add({.partition = line == 9 ? 0 : 1}, line);
    pending.send();
    pending.take_outcomes(true);
    CHECK(pending.stored() == 0);
    CHECK(pending.not_stored().records == 3);
    CHECK(pending.not_stored().first_line == 7);
    CHECK(pending.unknown().records == 0);
    CHECK(pending.status() == exit_status::failed);
  }
}

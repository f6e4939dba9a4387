#include <ottla/kafka/internal/group/membership_end.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

using step = membership_end::step;

const committed stored{.asked = 1, .positions = {{{"t", 0}, 3}}, .failed = {}};

committed failed(bool retriable) {
  return {.asked = 1,
          .positions = {{{"t", 0}, 3, error{.code = errc::other, .retriable = retriable}}},
          .failed = {}};
}

committed failed_as_a_whole(bool retriable) {
  return {.asked = 1,
          .positions = {{{"t", 0}, 3}},
          .failed = error{.code = errc::other, .retriable = retriable}};
}

struct stopping : membership_end {
  stopping() { stop(); }
};

} // namespace

TEST_SUITE("membership_end") {
  TEST_CASE_FIXTURE(
    stopping,
    "a stop commits again after each commit, and retries a retriable failure after a pause") {
    CHECK(after_commit(stored, {}) == step::commit);
    CHECK(after_commit(failed(true), {}) == step::commit_later);
    CHECK(after_commit(failed_as_a_whole(true), {}) == step::commit_later);
    CHECK(after_pause({}) == step::commit);
  }

  TEST_CASE_FIXTURE(stopping, "a commit with a permanent failure is not retried") {
    CHECK(after_commit(failed(false), {}) == step::close);
    CHECK(after_commit(failed_as_a_whole(false), {}) == step::close);
    auto mixed = failed(false);
    mixed.positions.push_back({{"t", 1}, 3, error{.code = errc::other, .retriable = true}});
    CHECK(after_commit(mixed, {}) == step::close);
  }

  TEST_CASE("membership_end takes no step before the stop begins") {
    membership_end not_begun;
    CHECK(not_begun.after_commit(failed(false), {}) == step::wait);
    CHECK(not_begun.after_pause({}) == step::wait);
    CHECK(not_begun.at_half_time({.commit = true, .join = true}) == step::wait);
    CHECK_FALSE(not_begun.has_begun());
  }

  TEST_CASE_FIXTURE(stopping, "a stop waits while a commit or a revoke is pending") {
    CHECK(after_commit(stored, {.commit = true}) == step::wait);
    CHECK(after_commit(stored, {.revoke = true}) == step::wait);
    CHECK(after_pause({.commit = true}) == step::wait);
  }

  TEST_CASE_FIXTURE(stopping,
                    "the wait for the leave begins when the last pending commit is answered") {
    close();
    CHECK(after_commit(stored, {}) == step::await_leave);
    CHECK(after_commit(failed(true), {}) == step::await_leave);
    CHECK(after_commit(stored, {.commit = true}) == step::wait);
    CHECK(after_pause({}) == step::wait);
  }

  TEST_CASE_FIXTURE(
    stopping,
    "at half of the coordinator's time to end, the handle closes if a commit waits for a join") {
    CHECK(at_half_time({.commit = true, .join = true}) == step::close);
    CHECK(at_half_time({.commit = true}) == step::wait);
    CHECK(at_half_time({.join = true}) == step::wait);
    CHECK(at_half_time({.revoke = true, .commit = true, .join = true}) == step::wait);
    close();
    CHECK(at_half_time({.commit = true, .join = true}) == step::wait);
  }

  TEST_CASE_FIXTURE(
    stopping, "a member that is joining waits for the leave until the stop has no time left") {
    close();
    CHECK(at_leave_deadline({.join = true}, 1s) == step::await_leave);
    CHECK(at_leave_deadline({.join = true}, 0s) == step::end);
    CHECK(at_leave_deadline({}, 1s) == step::end);
    leave();
    CHECK(at_leave_deadline({.join = true}, 1s) == step::end);
  }

  TEST_CASE_FIXTURE(
    stopping, "the wait for the leave is a quarter of the remaining time, from 0.9 s to 10 s") {
    CHECK(leave_within(20s, false) == 5s);
    CHECK(leave_within(2s, false) == 900ms);
    CHECK(leave_within(500ms, false) == 500ms);
    CHECK(leave_within(std::chrono::nanoseconds::max(), false) == 10s);
    CHECK(leave_within(20s, true) == 900ms);
    CHECK(leave_within(0s, true) == 0s);
  }

  TEST_CASE("an abort waits at most 0.9 s for the leave") {
    membership_end aborted;
    aborted.close();
    CHECK(aborted.leave_within(20s, false) == 900ms);
    CHECK(aborted.at_leave_deadline({.join = true}, 1s) == step::end);
    CHECK(aborted.has_begun());
  }
}

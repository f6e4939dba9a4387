#include <ottla/kafka/internal/group/handler_process_answers.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

TEST_SUITE("handler_process_answers") {
  TEST_CASE("an answer to one worker counts for all workers of the process") {
    handler_process_answers answers;
    answers.begin(1, {"store", 0});
    answers.begin(2, {"store", 0});
    answers.begin(3, {"", 7});
    CHECK_FALSE(answers.handler_of(2)->last_answer.has_value());
    answers.answered(1, 5s);
    CHECK(answers.handler_of(2)->last_answer == 5s);
    CHECK(answers.handler_of(2)->workers == 2);
    CHECK_FALSE(answers.handler_of(3)->last_answer.has_value());
  }

  TEST_CASE("a worker that has ended no longer counts as a user of its handler process") {
    handler_process_answers answers;
    answers.begin(1, {"store", 0});
    answers.begin(2, {"store", 0});
    answers.end(1);
    answers.end(1);
    CHECK_FALSE(answers.handler_of(1).has_value());
    CHECK(answers.handler_of(2)->workers == 1);
    answers.answered(1, 5s);
    CHECK_FALSE(answers.handler_of(2)->last_answer.has_value());
  }

  TEST_CASE("the time for a batch begins with the last answer of the process") {
    const auto overdue = [](auto last_answer, auto now) {
      return handler_process_answers::is_overdue({.last_answer = last_answer, .workers = 4}, 0s,
                                                 now, 10s);
    };
    CHECK_FALSE(overdue(std::nullopt, 9s));
    CHECK(overdue(std::nullopt, 10s));
    CHECK_FALSE(overdue(5s, 14s));
    CHECK(overdue(5s, 15s));
  }

  TEST_CASE("an unanswered batch becomes overdue even if the process answers other workers") {
    const auto overdue = [](auto now) {
      return handler_process_answers::is_overdue({.last_answer = now - 1s, .workers = 4}, 0s, now,
                                                 10s);
    };
    CHECK_FALSE(overdue(39s));
    CHECK(overdue(40s));
  }
}

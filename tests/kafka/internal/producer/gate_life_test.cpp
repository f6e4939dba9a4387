// What a connection's end and a process that hangs do to the books of produces.

#include "kafka/internal/producer/gate_of_test.hpp"
#include "support/patience.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("producer_gate: life") {
  TEST_CASE_FIXTURE(gate_of_test,
                    "the end of a connection without a producer's process rejects the "
                    "records of threads that wait") {
    const int supervisor = 0;
    gate.begin_life(&supervisor, [] {});
    gate.detach(run, std::nullopt);
    auto answer = std::async(std::launch::async, [this] {
      std::promise<produced> got;
      gate.submit({.topic = "t", .records = std::vector<record>(1)}, on_full::block, never,
                  [&](produced what) { got.set_value(std::move(what)); });
      return got.get_future().get();
    });
    // The thread may not wait yet. Then its records are rejected at once.
    gate.end_life(&supervisor);
    REQUIRE(answer.wait_for(ottla::test::patience()) == std::future_status::ready);
    CHECK(answer.get().failures.at(0).why.code == errc::closed);
  }

  TEST_CASE_FIXTURE(gate_of_test, "the end of a connection whose producer's process hangs answers "
                                  "the records in flight, and none of them is sent later") {
    const int supervisor = 0;
    gate.begin_life(&supervisor, [] {});
    handle->room = 1;
    const auto sent = submit(2);
    const auto waiting = submit(1);
    std::optional<produced> of_process;
    gate.submit_of_run(run, {.topic = "t", .records = std::vector<record>(1)},
                       [&](produced what) { of_process = std::move(what); });
    gate.end_life(&supervisor);
    CHECK(sent.get().state_of(0) == record_state::unknown);
    CHECK(sent.get().state_of(1) == record_state::not_stored);
    CHECK(waiting.get().state_of(0) == record_state::not_stored);
    CHECK_FALSE(of_process.has_value());
    CHECK(gate.records_in_flight() == 0);
    // The process returns from its handler.
    handle->room = 10;
    gate.send_waiting(run);
    CHECK(handle->sent.size() == 1);
    const auto lost = gate.detach(run, std::nullopt);
    CHECK(of_process.value().state_of(0) == record_state::not_stored);
    CHECK(lost.records == 4);
    CHECK(lost.unknown == 1);
  }

  TEST_CASE_FIXTURE(gate_of_test, "the next run answers the records of a run that hangs, except "
                                  "for answers that its own process must give") {
    const auto old = run;
    const auto sent = submit(1);
    std::optional<produced> of_process;
    gate.submit_of_run(old, {.topic = "t", .records = std::vector<record>(1)},
                       [&](produced what) { of_process = std::move(what); });
    start();
    CHECK(sent.get().state_of(0) == record_state::unknown);
    CHECK_FALSE(of_process.has_value());
    // The bytes of both are free, because the old handle reports nothing any more.
    CHECK_FALSE(submit(4).has_answer());
    gate.detach(old, std::nullopt);
    CHECK(of_process.value().state_of(0) == record_state::unknown);
    std::optional<produced> late;
    gate.submit_of_run(old, {.topic = "t", .records = std::vector<record>(1)},
                       [&](produced what) { late = std::move(what); });
    CHECK(late.value().failures.at(0).why.code == errc::closed);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a supervisor does not end the life of its successor") {
    const int first = 0;
    const int second = 0;
    gate.begin_life(&first, [] {});
    gate.begin_life(&second, [] {});
    gate.end_life(&first);
    CHECK(gate.is_running());
    gate.end_life(&second);
    CHECK_FALSE(gate.is_running());
  }

  TEST_CASE_FIXTURE(gate_of_test, "a supervisor learns the deadlines that its predecessor left") {
    const int next = 0;
    int seen = 0;
    gate.begin_life(&next, [&] { ++seen; });
    CHECK(seen == 0);
    submit(1, on_full::refuse, time_point{} + std::chrono::seconds{5});
    const int last = 0;
    gate.begin_life(&last, [&] { ++seen; });
    CHECK(seen == 2);
    CHECK(gate.next_deadline() == time_point{} + std::chrono::seconds{5});
    gate.end_life(&last);
  }
}

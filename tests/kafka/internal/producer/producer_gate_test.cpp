// The books of produces: each produce gets one answer, and no more than buffer_bytes are pending.

#include "kafka/internal/producer/gate_of_test.hpp"
#include "support/patience.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;

TEST_SUITE("producer_gate") {
  TEST_CASE_FIXTURE(gate_of_test, "records go to the handle on the thread of the caller") {
    const auto one = submit(2);
    CHECK(handle->sent == std::vector<std::string>{"t[0,2)"});
    CHECK_FALSE(one.has_answer());
    CHECK(wakes == 0);
    report(one, 2);
    CHECK(one.get().stored == 2);
    CHECK(one.get().places[1] == record_place{1, 7});
    CHECK(gate.records_in_flight() == 0);
  }

  TEST_CASE_FIXTURE(gate_of_test,
                    "records of a caller that waits are urgent, and only the handle's "
                    "calls on a thread that waits may block") {
    constexpr auto at_once = producer_gate::pace::at_once;
    submit(1, on_full::refuse);
    CHECK_FALSE(handle->is_last_urgent);
    CHECK_FALSE(handle->may_last_block);
    submit(1, on_full::block, never, "t", at_once);
    CHECK(handle->is_last_urgent);
    CHECK(handle->may_last_block);
    submit(1, on_full::park, never, "t", at_once);
    CHECK(handle->is_last_urgent);
    CHECK_FALSE(handle->may_last_block);
    // The handle has no room, so the shared producer hands the records over.
    handle->room = 0;
    submit(1, on_full::block, never, "t", at_once);
    handle->room = 1;
    gate.send_waiting(run);
    CHECK(handle->is_last_urgent);
    CHECK_FALSE(handle->may_last_block);
  }

  TEST_CASE_FIXTURE(gate_of_test, "records without an open handle wait for it, in order") {
    gate.open(run, nullptr);
    const auto first = submit(1, on_full::refuse, never, "a");
    const auto second = submit(1, on_full::refuse, never, "b");
    CHECK(wakes == 1);
    CHECK(gate.has_waiting());
    gate.open(run, handle);
    gate.send_waiting(run);
    CHECK(handle->sent == std::vector<std::string>{"a[0,1)", "b[0,1)"});
    CHECK_FALSE(gate.has_waiting());
    report(second, 1);
    report(first, 1);
    CHECK(first.get().stored == 1);
    CHECK(second.get().stored == 1);
  }

  TEST_CASE_FIXTURE(gate_of_test, "records that the handle has no room for are sent before later "
                                  "records, and wake the shared producer once") {
    handle->room = 1;
    submit(2, on_full::refuse, never, "a");
    submit(1, on_full::refuse, never, "b");
    CHECK(wakes == 1);
    CHECK(handle->sent == std::vector<std::string>{"a[0,1)"});
    handle->room = 10;
    gate.send_waiting(run);
    CHECK(handle->sent == std::vector<std::string>{"a[0,1)", "a[1,2)", "b[0,1)"});
  }

  TEST_CASE_FIXTURE(gate_of_test, "a report that arrives before send() returns ends the produce") {
    std::optional<pending> one;
    handle->during_send = [this] {
      gate.finish(run, {.asked = 1, .places = std::vector<record_place>(1, {0, 0})});
    };
    one = submit(1);
    CHECK(one->which == 1);
    CHECK(one->get().stored == 1);
    CHECK(*one->answers == 1);
    CHECK(gate.records_in_flight() == 0);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a produce without records is answered at once") {
    CHECK(submit(0).get().stored == 0);
    CHECK(handle->sent.empty());
  }

  TEST_CASE_FIXTURE(gate_of_test,
                    "a full buffer rejects records at once, and a report makes room again") {
    const auto first = submit(3);
    const auto second = submit(2);
    CHECK(second.code() == errc::buffer_full);
    CHECK(second.get().failures[1].why.retriable);
    CHECK(second.get().state_of(1) == record_state::not_stored);
    report(first, 3);
    CHECK_FALSE(submit(4).has_answer());
    const auto large = submit(5);
    CHECK(large.code() == errc::buffer_full);
    CHECK_FALSE(large.get().failures[0].why.retriable);
  }

  TEST_CASE("parked records are handed over in order when there is room, and use at most an "
            "eighth of buffer_bytes") {
    gate_of_test small;
    producer_gate gate{16 * send_buffer::overhead_of_record};
    const auto run = gate.attach([] {}, nullptr);
    gate.open(run, small.handle);
    std::vector<std::string> answers;
    const auto park = [&](std::size_t records, const std::string& topic) {
      return gate.submit(
        {.topic = topic, .records = std::vector<record>(records)}, on_full::park, never,
        [&answers, topic](const produced& what) {
          answers.push_back(
            topic + ' '
            + (what.stored > 0 ? "stored" : std::string{to_string(what.failures[0].why.code)}));
        });
    };
    const auto all = park(16, "all");
    park(1, "a");
    park(1, "b");
    park(1, "c");
    CHECK(answers == std::vector<std::string>{"c buffer_full"});
    gate.finish(run, {.asked = all, .places = std::vector<record_place>(16)});
    gate.send_waiting(run);
    CHECK(small.handle->sent == std::vector<std::string>{"all[0,16)", "a[0,1)", "b[0,1)"});
  }

  TEST_CASE_FIXTURE(gate_of_test, "the records of one call may wait, however many they are, and so "
                                  "may later chunks") {
    const auto all = submit(4, on_full::refuse, never, "all");
    const auto first = submit(3, on_full::park, never, "first");
    CHECK_FALSE(first.has_answer());
    CHECK(submit(1, on_full::park).code() == errc::buffer_full);
    const auto chunk = submit(4, on_full::park_always, never, "chunk");
    // A request that waited has its token from its acceptance.
    report(all, 4);
    gate.send_waiting(run);
    gate.finish(run, {.asked = all.which + 1, .places = std::vector<record_place>(3)});
    CHECK(first.get().stored == 3);
    gate.send_waiting(run);
    CHECK(handle->sent == std::vector<std::string>{"all[0,4)", "first[0,3)", "chunk[0,4)"});
    CHECK_FALSE(chunk.has_answer());
  }

  TEST_CASE_FIXTURE(gate_of_test, "parked records wait for the next run, and are answered at their "
                                  "deadline without one") {
    const time_point begin{};
    const auto sent = submit(4);
    const auto patient = submit(1, on_full::park, begin + 9s, "patient");
    const auto hasty = submit(1, on_full::park_always, begin + 5s, "hasty");
    gate.detach(run, std::nullopt);
    CHECK(sent.has_answer());
    CHECK_FALSE(patient.has_answer());
    CHECK(gate.next_deadline() == begin + 5s);
    gate.expire(begin + 5s);
    CHECK(to_string(hasty.get().failures.at(0).why)
          == "closed: topic \"hasty\": the producer had not restarted by the deadline");
    start();
    gate.send_waiting(run);
    CHECK(handle->sent.back() == "patient[0,1)");
    gate.finish(run, {.asked = sent.which + 1, .places = std::vector<record_place>(1)});
    CHECK(patient.get().stored == 1);
  }

  TEST_CASE_FIXTURE(gate_of_test,
                    "records that wait while the producer restarts are accepted in the "
                    "order of the calls") {
    gate.detach(run, std::nullopt);
    const auto first = submit(1, on_full::park, never, "a");
    const auto second = submit(1, on_full::park_always, never, "b");
    CHECK(submit(1).code() == errc::closed);
    start();
    gate.send_waiting(run);
    CHECK(handle->sent == std::vector<std::string>{"a[0,1)", "b[0,1)"});
  }

  TEST_CASE_FIXTURE(gate_of_test, "the reason for full memory is true, whether the records are too "
                                  "large or have to wait for earlier calls") {
    submit(3);
    CHECK(to_string(submit(2).get().failures.at(0).why)
          == "buffer_full: topic \"t\": 512 bytes exceed the free part of buffer_bytes: pending "
             "records use 768 of 1024 bytes");
    submit(2, on_full::park, time_point{} + 5s);
    CHECK(
      to_string(submit(1).get().failures.at(0).why)
      == "buffer_full: topic \"t\": records of earlier calls wait for room: pending records use "
         "768 of 1024 bytes");
    const auto late = submit(1, on_full::park_always, time_point{} + 5s);
    gate.expire(time_point{} + 5s);
    CHECK(to_string(late.get().failures.at(0).why)
          == "buffer_full: topic \"t\": 256 bytes had no room in buffer_bytes by the deadline: "
             "pending records use 768 of 1024 bytes");
    CHECK(late.get().failures.at(0).why.retriable);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a blocked thread gets room when a report frees it") {
    const auto first = submit(4);
    std::promise<pending> done;
    std::thread caller{[&] { done.set_value(submit(2, on_full::block)); }};
    auto waiting = done.get_future();
    CHECK(waiting.wait_for(20ms) == std::future_status::timeout);
    report(first, 4);
    REQUIRE(waiting.wait_for(ottla::test::patience()) == std::future_status::ready);
    caller.join();
    const auto second = waiting.get();
    CHECK_FALSE(second.has_answer());
    CHECK(handle->sent.back() == "t[0,2)");
    report(second, 2);
    CHECK(second.get().stored == 2);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a blocked thread gives up at its deadline") {
    submit(4);
    const auto late = submit(1, on_full::block, std::chrono::steady_clock::now() + 20ms);
    CHECK(late.code() == errc::buffer_full);
    gate.detach(run, std::nullopt);
    const auto absent = submit(1, on_full::block, std::chrono::steady_clock::now() + 20ms);
    CHECK(absent.code() == errc::closed);
    CHECK(absent.get().failures[0].why.retriable);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a thread that waits for room gets it after a restart") {
    gate.detach(run, std::nullopt);
    CHECK(submit(1).code() == errc::closed);
    std::promise<pending> done;
    std::thread caller{[&] { done.set_value(submit(1, on_full::block)); }};
    start();
    caller.join();
    const auto one = done.get_future().get();
    report(one, 1);
    CHECK(one.get().stored == 1);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a stop rejects blocked threads and later records as closed, and "
                                  "keeps the records in flight") {
    const auto first = submit(4);
    std::promise<pending> done;
    std::thread caller{[&] { done.set_value(submit(1, on_full::block)); }};
    CHECK(gate.begin_stop(run) == 4);
    caller.join();
    CHECK(done.get_future().get().code() == errc::closed);
    CHECK(submit(1).code() == errc::closed);
    CHECK_FALSE(gate.is_running());
    report(first, 4);
    CHECK(first.get().stored == 4);
    CHECK(gate.detach(run, std::nullopt).records == 0);
  }

  TEST_CASE_FIXTURE(gate_of_test, "the end of a run answers what was handed over as unknown, and "
                                  "everything else as not stored") {
    handle->room = 1;
    const auto first = submit(2);
    const auto second = submit(1);
    const auto lost = gate.detach(run, std::nullopt);
    CHECK(lost.records == 3);
    CHECK(lost.unknown == 1);
    CHECK(first.get().state_of(0) == record_state::unknown);
    CHECK(first.get().state_of(1) == record_state::not_stored);
    CHECK(second.get().state_of(0) == record_state::not_stored);
    CHECK(gate.records_in_flight() == 0);
    // A late report of the old handle changes nothing.
    report(first, 2);
    CHECK(*first.answers == 1);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a thread that hands records over at the end of the run answers "
                                  "with the exact numbers") {
    handle->room = 2;
    handle->during_send = [this] { gate.detach(run, std::nullopt); };
    const auto one = submit(3);
    CHECK(one.get().state_of(1) == record_state::unknown);
    CHECK(one.get().state_of(2) == record_state::not_stored);
    CHECK(*one.answers == 1);
    CHECK(gate.records_in_flight() == 0);
  }

  TEST_CASE_FIXTURE(gate_of_test, "calls of an older run have no effect") {
    const auto old = run;
    start();
    const auto one = submit(1);
    CHECK_FALSE(gate.finish(old, {.asked = one.which, .places = {{0, 0}}}).has_value());
    CHECK(gate.begin_stop(old) == 0);
    CHECK(gate.detach(old, std::nullopt).records == 0);
    CHECK_FALSE(one.has_answer());
    report(one, 1);
    CHECK(one.get().stored == 1);
  }

  TEST_CASE_FIXTURE(gate_of_test, "a deadline answers records as unknown if the handle has them, "
                                  "and their bytes stay in the buffer until the report") {
    const time_point begin{};
    const auto sent = submit(4, on_full::refuse, begin + 5s);
    CHECK(gate.next_deadline() == begin + 5s);
    CHECK(watches == 1);
    CHECK(wakes == 0);
    gate.expire(begin + 4s);
    CHECK_FALSE(sent.has_answer());
    gate.expire(begin + 5s);
    CHECK(sent.get().state_of(3) == record_state::unknown);
    CHECK(sent.code() == errc::timed_out);
    CHECK(submit(1).code() == errc::buffer_full);
    report(sent, 4);
    CHECK(*sent.answers == 1);
    CHECK_FALSE(submit(4).has_answer());
  }

  TEST_CASE_FIXTURE(gate_of_test, "records that the handle does not have at the deadline are not "
                                  "stored, and are never sent") {
    gate.open(run, nullptr);
    const auto first = submit(1, on_full::refuse, time_point{} + 5s, "a");
    const auto second = submit(1, on_full::refuse, never, "b");
    gate.expire(time_point{} + 5s);
    CHECK(first.get().state_of(0) == record_state::not_stored);
    gate.give_up(second.which);
    CHECK(second.get().state_of(0) == record_state::not_stored);
    gate.open(run, handle);
    gate.send_waiting(run);
    CHECK(handle->sent.empty());
    CHECK(gate.records_in_flight() == 0);
    CHECK(gate.next_deadline() > time_point{} + 5s);
  }

  TEST_CASE_FIXTURE(gate_of_test, "an answer may use the gate") {
    std::optional<pending> next;
    const auto which
      = gate.submit({.topic = "t", .records = std::vector<record>(4)}, on_full::refuse, never,
                    [&](const produced&) { next = submit(4); });
    gate.finish(run, {.asked = which, .places = std::vector<record_place>(4)});
    REQUIRE(next.has_value());
    CHECK_FALSE(next->has_answer());
  }

  TEST_CASE_FIXTURE(gate_of_test, "records that wait whatever others use do not count for others") {
    const auto full = submit(4);
    auto chunk = submit(4, on_full::park_always);
    auto other = submit(1, on_full::park);
    CHECK_FALSE(other.has_answer());
    report(full, 4);
    gate.send_waiting(run);
    chunk.which = 2;
    report(chunk, 4);
    gate.send_waiting(run);
    other.which = 3;
    report(other, 1);
    CHECK(other.get().stored == 1);
  }

  TEST_CASE_FIXTURE(gate_of_test, "an exception of the handle is the answer, and leaves nothing "
                                  "pending") {
    handle->during_send = [] { throw std::runtime_error{"no memory"}; };
    const auto one = submit(2);
    CHECK(one.get().state_of(1) == record_state::unknown);
    CHECK(gate.records_in_flight() == 0);
    CHECK(gate.is_drained());
    handle->during_send = {};
    CHECK_FALSE(submit(4).has_answer());
  }

  TEST_CASE_FIXTURE(gate_of_test, "a produce that is given up during a stop wakes the producer, "
                                  "which may close its handle now") {
    handle->room = 0;
    const auto one = submit(1);
    gate.begin_stop(run);
    CHECK_FALSE(gate.is_drained());
    wakes = 0;
    gate.give_up(one.which);
    CHECK(gate.is_drained());
    CHECK(wakes == 1);
  }
}

// Which answers callers of the process `producer` get, even if it fails or restarts.

#include "support/producer_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("shared_producer") {
  TEST_CASE_FIXTURE(producer_stage, "the producing handle is opened by the first produce") {
    CHECK(kafka->happened() == "");
    ask_for(1);
    CHECK(kafka->happened() == "open producer, send out[0,1)");
  }

  TEST_CASE_FIXTURE(producer_stage, "a produce is answered when all its records are reported") {
    const auto asked = ask_for(3);
    CHECK_FALSE(asked->answer.has_value());
    kafka->sender->deliver();
    time.run();
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->stored == 3);
    CHECK(asked->answer->failures.empty());
    CHECK(asked->answer->places == std::vector<record_place>{{0, 0}, {0, 1}, {0, 2}});
  }

  TEST_CASE_FIXTURE(producer_stage,
                    "one process produces to any topic, and rejects illegal names") {
    const auto first
      = ask<produced>(*this, named("producer"), produce{.topic = "a", .records = {{.value = "1"}}});
    const auto second
      = ask<produced>(*this, named("producer"), produce{.topic = "b", .records = {{.value = "2"}}});
    CHECK(kafka->happened() == "open producer, send a[0,1), send b[0,1)");
    const auto refused
      = ask<produced>(*this, named("producer"), produce{.records = {{.value = "3"}}});
    CHECK(to_string(refused.answer.value().failures.at(0).why)
          == "bad_setting: a topic must not be empty, got \"\"");
  }

  TEST_CASE_FIXTURE(producer_stage,
                    "the answer to a produce names failed records by index, with reasons") {
    const auto asked = ask_for(4);
    kafka->sender->deliver({{1, {.code = errc::record_too_large}}, {3, {.code = errc::timed_out}}});
    time.run();
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->stored == 2);
    REQUIRE(asked->answer->failures.size() == 2);
    CHECK(asked->answer->failures[0].index == 1);
    CHECK(asked->answer->failures[0].why.code == errc::record_too_large);
    CHECK(asked->answer->failures[1].index == 3);
  }

  TEST_CASE_FIXTURE(producer_stage, "a produce without records is answered at once") {
    const auto asked = ask_for(0);
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->stored == 0);
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(
    producer_stage,
    "records that do not fit into librdkafka's queue are sent in order when it has room") {
    kafka->producer_room = 4;
    const auto first = ask_for(10);
    const auto second = ask_for(2);
    CHECK(kafka->happened().starts_with("open producer, send out[0,4), send out[4,4)"));
    kafka->sender->make_room();
    time.run();
    CHECK(kafka->happened() == "send out[4,8)");
    kafka->sender->make_room();
    time.run();
    CHECK(kafka->happened() == "send out[8,10), send out[0,2)");
    kafka->sender->deliver();
    kafka->sender->deliver();
    time.run();
    CHECK(first->answer.value().stored == 10);
    CHECK(second->answer.value().stored == 2);
  }

  TEST_CASE_FIXTURE(producer_stage, "a kill of the shared producer answers pending produces at "
                                    "once, and their records may be stored") {
    const auto first = ask_for(3);
    const auto second = ask_for(3);
    kill_named("producer");
    REQUIRE(first->answer.has_value());
    CHECK(first->answer->stored == 0);
    REQUIRE(first->answer->failures.size() == 3);
    CHECK(first->answer->failures[2].index == 2);
    CHECK(first->answer->failures[2].may_be_stored);
    CHECK(to_string(first->answer->failures[2].why)
          == "timed_out: topic \"out\": the producer ended before the record was confirmed");
    CHECK(second->answer.has_value());
    const auto third = ask_for(1);
    REQUIRE(kafka->sender != nullptr);
    kafka->sender->deliver();
    time.run();
    CHECK(third->answer.value().stored == 1);
  }

  TEST_CASE_FIXTURE(
    producer_stage,
    "a produce in the mailbox of a dying shared producer fails at once and is not sent") {
    const auto before = time.now();
    const auto shared = named("producer");
    time.hang(shared);
    const auto asked = ask_for(1);
    kill(shared); // overtakes the produce request in the shared producer's mailbox
    time.wake(shared);
    time.run();
    CHECK(asked->failed == exit_reason::noproc());
    CHECK(time.now() == before);
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(producer_stage,
                    "a produce whose handle cannot be opened fails at once with the reason") {
    kafka->opens = reply::failing(errc::bad_setting, "\"x\" is no key");
    const auto before = time.now();
    const auto asked = ask_for(1);
    REQUIRE(asked->answer.has_value());
    CHECK(to_string(asked->answer->failures.at(0).why)
          == "bad_setting: topic \"out\": \"x\" is no key");
    CHECK(asked->answer->state_of(0) == record_state::not_stored);
    CHECK(time.now() == before);
    kafka->opens = {};
    time.advance(1s);
    ask_for(1);
    CHECK(kafka->sender != nullptr);
  }

  TEST_CASE_FIXTURE(producer_stage, "a fatal failure answers pending produces and replaces the "
                                    "handle, and other failures are only reported") {
    const auto asked = ask_for(1);
    kafka->sender->push(handle_failed{{.code = errc::unreachable, .text = "gone"}});
    time.run();
    CHECK(notes->saw("failed unreachable: gone"));
    CHECK_FALSE(asked->failed.has_value());
    kafka->sender->push(handle_failed{{.code = errc::fenced, .fatal = true, .text = "finished"}});
    time.run();
    CHECK(asked->answer.value().failures.size() == 1);
    CHECK(kafka->sender == nullptr);
    ask_for(1);
    CHECK(kafka->sender != nullptr);
  }

  TEST_CASE_FIXTURE(
    producer_stage,
    "a stopped shared producer ends after its pending records are reported and answered") {
    kafka->closes = reply::withheld();
    const auto asked = ask_for(2);
    ask_to_end(root);
    CHECK(kafka->happened().ends_with("close producer"));
    CHECK(is_alive(root));
    kafka->sender->deliver();
    kafka->sender->push(closed{});
    time.run();
    CHECK(asked->answer.value().stored == 2);
    CHECK_FALSE(is_alive(root));
  }

  TEST_CASE_FIXTURE(producer_stage,
                    "a produce while the shared producer shuts down fails at once") {
    kafka->closes = reply::withheld();
    ask_for(2);
    const auto shared = named("producer");
    request_exit(shared, to_error(exit_reason::shutdown()));
    time.run();
    const auto late = ask_for(1);
    REQUIRE(late->answer.has_value());
    CHECK(to_string(late->answer->failures.at(0).why)
          == "closed: topic \"out\": the producer is shutting down");
  }
}

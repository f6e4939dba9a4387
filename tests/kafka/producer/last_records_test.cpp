// What happens to records in flight when the application stops, when only the connection stops, or
// when the producer is killed.

#include <ottla/kafka/internal/producer/send_buffer.hpp>

#include "support/producer_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct last_records : producer_stage {
  last_records() { kafka->closes = reply::withheld(); }

  /// Stops the connection as an application does.
  void stop_within(std::chrono::nanoseconds within) {
    tree->stop.begin(time.now().time_since_epoch(), within);
    ask_to_end(root);
  }

  void deliver(std::vector<delivered::failure> failures = {}) {
    REQUIRE(kafka->sender != nullptr);
    kafka->sender->deliver(std::move(failures));
    time.run();
  }

  void close_handle() {
    REQUIRE(kafka->sender != nullptr);
    kafka->sender->push(closed{});
    time.run();
  }

  std::vector<std::string> unfinished_lines() const { return tree->unfinished.lines(); }
};

using lines = std::vector<std::string>;

} // namespace

TEST_SUITE("last records") {
  TEST_CASE_FIXTURE(last_records, "a stop waits for records in flight until its deadline") {
    const auto asked = ask_for(3);
    stop_within(20s);
    time.advance(19s);
    CHECK(is_alive(root));
    deliver();
    close_handle();
    CHECK_FALSE(is_alive(root));
    CHECK(asked->answer.value().stored == 3);
    CHECK(unfinished_lines().empty());
    CHECK(notes->unfinished_texts.empty());
  }

  TEST_CASE_FIXTURE(last_records, "a stop without records in flight takes no time") {
    const auto asked = ask_for(3);
    deliver();
    kafka->closes = {};
    const auto before = time.now();
    stop_within(20s);
    CHECK_FALSE(is_alive(root));
    CHECK(time.now() == before);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(
    last_records,
    "records without a delivery report are counted and reported at the deadline of the stop") {
    const auto first = ask_for(3);
    const auto second = ask_for(4);
    stop_within(20s);
    deliver();
    time.advance(20s);
    CHECK_FALSE(is_alive(root));
    CHECK(count(process_event::kind::killed) == 0);
    CHECK(first->answer.value().stored == 3);
    REQUIRE(second->answer.value().failures.size() == 4);
    CHECK(second->answer->failures[3].may_be_stored);
    CHECK(kafka->happened().ends_with("close producer, abandon, drop producer"));
    const auto text = "4 of 7 records were not confirmed, 4 of them may be stored";
    CHECK(unfinished_lines() == lines{std::string{"c/producing/producer: "} + text});
    CHECK(notes->unfinished_texts == lines{text});
  }

  TEST_CASE_FIXTURE(last_records,
                    "records that the handle had no room for are sent during the stop") {
    kafka->producer_room = 4;
    const auto asked = ask_for(10);
    stop_within(20s);
    CHECK_FALSE(kafka->happened().ends_with("close producer"));
    kafka->sender->make_room();
    time.run();
    kafka->sender->make_room();
    time.run();
    CHECK(kafka->happened() == "send out[4,8), send out[8,10), close producer");
    deliver();
    close_handle();
    CHECK(asked->answer.value().stored == 10);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(
    last_records,
    "callers learn at the stop's deadline which records may be stored and which were not sent") {
    kafka->producer_room = 4;
    const auto asked = ask_for(6);
    const auto next = ask_for(1);
    stop_within(20s);
    time.advance(20s);
    CHECK_FALSE(is_alive(root));
    REQUIRE(asked->answer.value().failures.size() == 6);
    CHECK(asked->answer->failures[3].may_be_stored);
    CHECK(asked->answer->failures[3].why.code == errc::timed_out);
    CHECK_FALSE(asked->answer->failures[4].may_be_stored);
    CHECK(asked->answer->failures[4].why.code == errc::closed);
    CHECK_FALSE(next->answer.value().failures.front().may_be_stored);
    CHECK(unfinished_lines()
          == lines{"c/producing/producer: 7 of 7 records were not confirmed, 4 of them may be "
                   "stored"});
  }

  TEST_CASE_FIXTURE(last_records,
                    "a stop ends soon after its deadline even if the handle reports nothing") {
    kafka->abandons = reply::withheld();
    const auto asked = ask_for(2);
    stop_within(20s);
    time.advance(20s + 100ms);
    CHECK_FALSE(is_alive(root));
    CHECK(asked->answer.value().failures.size() == 2);
    CHECK(unfinished_lines().size() == 1);
  }

  TEST_CASE_FIXTURE(last_records,
                    "a record that is rejected during the stop does not count as unfinished") {
    const auto asked = ask_for(2);
    stop_within(20s);
    deliver({{1, {.code = errc::record_too_large}}});
    close_handle();
    CHECK(asked->answer.value().stored == 1);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(last_records, "a record that times out during the stop counts as unfinished") {
    ask_for(2);
    stop_within(20s);
    deliver({{1, {.code = errc::timed_out, .retriable = true}}});
    close_handle();
    CHECK(unfinished_lines() == lines{"c/producing/producer: 1 of 2 records were not confirmed"});
  }

  TEST_CASE_FIXTURE(last_records,
                    "a connection that is stopped alone waits for its records for 4.5 s") {
    const auto asked = ask_for(2);
    ask_to_end(root);
    time.advance(4499ms);
    CHECK(is_alive(root));
    time.advance(101ms);
    CHECK_FALSE(is_alive(root));
    CHECK(asked->answer.value().failures.size() == 2);
    CHECK(notes->unfinished_texts.size() == 1);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(
    last_records,
    "the records of a shared producer that is killed during a stop are reported as unfinished") {
    kafka->producer_room = 1;
    const auto asked = ask_for(2);
    stop_within(20s);
    kill_named("producer");
    CHECK_FALSE(is_alive(root));
    CHECK(asked->answer.value().failures.size() == 2);
    CHECK(unfinished_lines()
          == lines{"c/producing/producer: 2 of 2 records were not confirmed, 1 of them may be "
                   "stored"});
  }
}

TEST_SUITE("full buffer") {
  struct small_buffer : group_stage {
    small_buffer() {
      settings.group_consumer.reset();
      settings.producing->buffer_bytes = 4 * each;
      open();
    }

    static constexpr std::size_t each = send_buffer::overhead_of_record + 100;

    auto ask_for(std::size_t count, const std::string& topic = "out") {
      produce what{.topic = topic};
      for (std::size_t i = 0; i < count; ++i)
        what.records.push_back({.value = std::string(100, 'x')});
      auto asked = ask_later<produced>(*this, named("producer"), std::move(what));
      time.run();
      return asked;
    }
  };

  TEST_CASE_FIXTURE(small_buffer, "a produce that exceeds the free buffer_bytes is rejected at "
                                  "once, with a failure for each record") {
    const auto first = ask_for(3);
    const auto second = ask_for(2, "more");
    CHECK_FALSE(first->answer.has_value());
    REQUIRE(second->answer.has_value());
    CHECK(second->answer->stored == 0);
    REQUIRE(second->answer->failures.size() == 2);
    const auto& why = second->answer->failures[1].why;
    CHECK(why.code == errc::buffer_full);
    CHECK(why.retriable);
    CHECK_FALSE(second->answer->failures[1].may_be_stored);
    CHECK(why.text.find("buffer_bytes") != std::string::npos);
    CHECK(kafka->happened() == "open producer, send out[0,3)");
    CHECK_FALSE(ask_for(1, "more")->answer.has_value());
  }

  TEST_CASE_FIXTURE(small_buffer,
                    "a delivery report frees the buffer room of stored and failed records") {
    const auto first = ask_for(4);
    CHECK(ask_for(1)->answer.has_value());
    kafka->sender->deliver({{0, {.code = errc::timed_out}}});
    time.run();
    CHECK(first->answer.has_value());
    const auto next = ask_for(4);
    CHECK_FALSE(next->answer.has_value());
  }

  TEST_CASE_FIXTURE(small_buffer,
                    "records that wait for room in the handle count against buffer_bytes") {
    kafka->producer_room = 1;
    ask_for(2);
    ask_for(2);
    CHECK(ask_for(1)->answer.value().failures.front().why.code == errc::buffer_full);
  }

  TEST_CASE_FIXTURE(small_buffer, "a killed producer frees the buffer room of all its records") {
    kafka->producer_room = 2;
    ask_for(4);
    CHECK(ask_for(1)->answer.has_value());
    kill_named("producer");
    CHECK_FALSE(ask_for(4)->answer.has_value());
  }

  TEST_CASE_FIXTURE(small_buffer,
                    "a produce that exceeds the whole buffer is rejected as not retriable") {
    const auto asked = ask_for(5);
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->failures.size() == 5);
    CHECK(asked->answer->failures[0].why.code == errc::buffer_full);
    CHECK_FALSE(asked->answer->failures[0].why.retriable);
  }
}

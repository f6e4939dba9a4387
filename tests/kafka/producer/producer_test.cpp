// A producer reference in actors, on the fake driver and in virtual time.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/producer/send_buffer.hpp>
#include <ottla/kafka/producer/producer.hpp>

#include "support/producer_stage.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Runs a function, then collects answers.
class producing_actor : public caf::event_based_actor {
public:
  producing_actor(caf::actor_config& config, std::function<void(caf::event_based_actor*)> begin,
                  std::shared_ptr<std::vector<produced>> answers,
                  std::shared_ptr<std::vector<produced_in_order>> ordered)
    : caf::event_based_actor{config},
      begin_{std::move(begin)},
      answers_{std::move(answers)},
      ordered_{std::move(ordered)} {}

  caf::behavior make_behavior() override {
    begin_(this);
    return {[answers = answers_](const produced& what) { answers->push_back(what); },
            [ordered = ordered_](const produced_in_order& what) { ordered->push_back(what); }};
  }

private:
  std::function<void(caf::event_based_actor*)> begin_;
  std::shared_ptr<std::vector<produced>> answers_;
  std::shared_ptr<std::vector<produced_in_order>> ordered_;
};

struct referring : group_stage {
  static constexpr std::size_t each = send_buffer::overhead_of_record;

  referring() {
    settings.group_consumer.reset();
    settings.producing->buffer_bytes = 16 * each;
    open();
  }
  ~referring() {
    for (const auto& one : actors)
      kill(one);
    time.run();
    actors.clear();
  }

  kafka::producer producer{process_ref{names, "c/producer"}};
  std::shared_ptr<std::vector<produced>> answers = std::make_shared<std::vector<produced>>();
  std::shared_ptr<std::vector<produced_in_order>> ordered
    = std::make_shared<std::vector<produced_in_order>>();
  std::vector<caf::actor> actors;

  static std::vector<record> sized(std::size_t count, std::size_t bytes) {
    return std::vector<record>(count, {.value = std::string(bytes, 'x')});
  }

  void in_order(ordered_records what, std::chrono::nanoseconds within, std::uint64_t tag) {
    in_actor([=, this](caf::event_based_actor* self) {
      producer.produce_in_order(self, what, within, tag);
    });
  }

  static produce some(std::size_t records) {
    return {.topic = "out", .records = std::vector<record>(records)};
  }

  void in_actor(std::function<void(caf::event_based_actor*)> what) {
    actors.push_back(caf::actor_cast<caf::actor>(
      time.system().spawn<producing_actor>(std::move(what), answers, ordered)));
    time.run();
  }

  void send(std::size_t records, std::uint64_t tag, std::chrono::nanoseconds within = 30s,
            when_full how = when_full::refuse) {
    in_actor([=, this](caf::event_based_actor* self) {
      producer.send(self, some(records), within, tag, how);
    });
  }

  void deliver() {
    REQUIRE(kafka->sender != nullptr);
    kafka->sender->deliver();
    time.run();
  }
};

} // namespace

TEST_SUITE("producer") {
  TEST_CASE_FIXTURE(referring, "an actor gets the answer as a message with its tag") {
    send(2, 7);
    CHECK(kafka->happened() == "open producer, send out[0,2)");
    CHECK(answers->empty());
    deliver();
    REQUIRE(answers->size() == 1);
    CHECK(answers->front().tag == 7);
    CHECK(answers->front().stored == 2);
    CHECK(answers->front().places[1] == record_place{0, 1});
  }

  TEST_CASE_FIXTURE(referring, "records do not pass the mailbox of the producer's process") {
    send(1, 1);
    kafka->asked.clear();
    const auto process = named("producer");
    time.hang(process);
    send(1, 2);
    CHECK(kafka->happened() == "send out[0,1)");
    time.wake(process);
    time.run();
  }

  TEST_CASE_FIXTURE(referring, "copies work before the first start and after a restart") {
    const kafka::producer copy = producer;
    kill_named("producer");
    in_actor([&](caf::event_based_actor* self) { copy.send(self, some(1), 30s, 1); });
    deliver();
    end_abruptly(root);
    in_actor([&](caf::event_based_actor* self) { copy.send(self, some(1), 30s, 2); });
    CHECK(answers->at(1).failures.at(0).why.code == errc::closed);
    REQUIRE(open().up());
    in_actor([&](caf::event_based_actor* self) { copy.send(self, some(1), 30s, 3); });
    deliver();
    CHECK(answers->at(2).tag == 3);
    CHECK(answers->at(2).stored == 1);
  }

  TEST_CASE_FIXTURE(referring,
                    "a deadline far in the past is answered, and does not stop the watch "
                    "of later deadlines") {
    send(1, 1);
    send(1, 2, std::chrono::nanoseconds::min());
    time.advance(1s);
    CHECK(answers->size() == 1);
    send(1, 3, 1s);
    time.advance(2s);
    CHECK(answers->size() == 2);
  }

  TEST_CASE_FIXTURE(referring, "a reference without a connection rejects records by name") {
    const kafka::producer nobody{process_ref{names, "d/producer"}};
    in_actor([&](caf::event_based_actor* self) { nobody.send(self, some(2), 30s, 1); });
    REQUIRE(answers->size() == 1);
    CHECK(to_string(answers->front().failures.at(1).why)
          == "closed: no connection has the producer \"d/producer\"");
    in_actor([&](caf::event_based_actor* self) { kafka::producer{}.send(self, some(1), 30s, 2); });
    CHECK(answers->at(1).failures.size() == 1);
  }

  TEST_CASE_FIXTURE(referring, "a full buffer rejects an actor's records at once, or parks them") {
    send(16, 1);
    send(1, 2);
    REQUIRE(answers->size() == 1);
    CHECK(answers->at(0).tag == 2);
    CHECK(answers->at(0).failures.at(0).why.code == errc::buffer_full);
    send(2, 3, 30s, when_full::wait);
    CHECK(answers->size() == 1);
    send(1, 4, 30s, when_full::wait); // waiting records have their limit too
    CHECK(answers->at(1).tag == 4);
    CHECK(answers->at(1).failures.at(0).why.code == errc::buffer_full);
    deliver();
    deliver();
    CHECK(answers->at(2).tag == 1);
    CHECK(answers->at(3).tag == 3);
    CHECK(answers->at(3).stored == 2);
  }

  TEST_CASE_FIXTURE(referring, "an actor's records are answered at their deadline") {
    send(16, 1, 5s);
    send(1, 2, 3s, when_full::wait);
    time.advance(2999ms);
    CHECK(answers->empty());
    time.advance(2ms);
    REQUIRE(answers->size() == 1);
    CHECK(answers->at(0).tag == 2);
    CHECK(answers->at(0).state_of(0) == record_state::not_stored);
    time.advance(2s);
    REQUIRE(answers->size() == 2);
    CHECK(answers->at(1).tag == 1);
    CHECK(answers->at(1).state_of(15) == record_state::unknown);
    deliver();
    CHECK(answers->size() == 2);
  }

  TEST_CASE_FIXTURE(referring, "a kill of the producer's process answers all actors") {
    kafka->producer_room = 15;
    send(16, 1);
    send(1, 2, 30s, when_full::wait);
    kill_named("producer");
    REQUIRE(answers->size() == 1);
    CHECK(answers->front().tag == 1);
    CHECK(answers->front().state_of(14) == record_state::unknown);
    CHECK(answers->front().state_of(15) == record_state::not_stored);
    // The records that waited for room have it in the next process.
    deliver();
    REQUIRE(answers->size() == 2);
    CHECK(answers->back().tag == 2);
    CHECK(answers->back().stored == 1);
  }

  TEST_CASE_FIXTURE(referring, "a stop sends the accepted records and rejects new ones") {
    kafka->closes = reply::withheld();
    send(2, 1);
    ask_to_end(root);
    send(1, 2);
    CHECK(answers->at(0).tag == 2);
    CHECK(answers->at(0).failures.at(0).why.code == errc::closed);
    deliver();
    kafka->sender->push(closed{});
    time.run();
    CHECK(answers->at(1).stored == 2);
    CHECK_FALSE(is_alive(root));
  }

  TEST_CASE_FIXTURE(referring,
                    "records of actors and futures are answered at their deadline if the "
                    "producer's process hangs") {
    const auto process = named("producer");
    time.hang(process);
    send(1, 1, 3s);
    auto answer = producer.send(some(1), std::chrono::nanoseconds::max());
    time.advance(3s + 1ms);
    REQUIRE(answers->size() == 1);
    CHECK(answers->front().tag == 1);
    // The connection ends without its producer's process.
    ask_to_end(root);
    time.advance(1h);
    CHECK_FALSE(is_alive(root));
    REQUIRE(answer.wait_for(0s) == std::future_status::ready);
    CHECK(answer.get().failures.size() == 1);
    time.wake(process);
    time.run();
  }

  TEST_CASE_FIXTURE(referring, "an actor's records are produced in order, chunk by chunk, and its "
                               "answer has its tag") {
    in_order({.topic = "out", .records = sized(5, 90), .chunk_bytes = 201}, 30s, 7);
    CHECK(kafka->happened() == "open producer, send out[0,2)");
    deliver();
    CHECK(kafka->happened() == "send out[0,2)");
    deliver();
    CHECK(kafka->happened() == "send out[0,1)");
    CHECK(ordered->empty());
    deliver();
    REQUIRE(ordered->size() == 1);
    CHECK(ordered->front().tag == 7);
    CHECK(ordered->front().stored == 5);
    CHECK_FALSE(ordered->front().why.has_value());
  }

  TEST_CASE_FIXTURE(referring, "an actor's records in order stop at the first failure, and the "
                               "unsent records return in order") {
    in_order({.topic = "out", .records = sized(5, 90), .chunk_bytes = 201}, 30s, 1);
    deliver();
    kafka->sender->deliver({{1, {.code = errc::timed_out}, true}});
    time.run();
    REQUIRE(ordered->size() == 1);
    CHECK(ordered->front().stored == 3);
    CHECK(ordered->front().unknown.size() == 1);
    CHECK(ordered->front().not_stored.size() == 1);
    CHECK(ordered->front().why.value().code == errc::timed_out);
    in_order({.topic = "out", .records = sized(1, 191), .chunk_bytes = 201}, 30s, 2);
    REQUIRE(ordered->size() == 2);
    CHECK(ordered->back().why.value().code == errc::record_too_large);
  }

  TEST_CASE_FIXTURE(referring, "an actor's records in order are answered at the deadline, and "
                               "after the end of the connection") {
    in_order({.topic = "out", .records = sized(3, 90), .chunk_bytes = 201}, 3s, 1);
    time.advance(3s + 1ms);
    REQUIRE(ordered->size() == 1);
    CHECK(ordered->front().unknown.size() == 2);
    CHECK(ordered->front().not_stored.size() == 1);
    deliver();
    CHECK(ordered->size() == 1);
    in_order({.topic = "out", .records = sized(3, 90)}, 0s, 2);
    REQUIRE(ordered->size() == 2);
    CHECK(ordered->back().not_stored.size() == 3);
    CHECK(to_string(ordered->back().why.value())
          == "timed_out: topic \"out\": the deadline passed before the records were sent");
    end_abruptly(root);
    in_order({.topic = "out", .records = sized(3, 90)}, 3s, 3);
    REQUIRE(ordered->size() == 3);
    CHECK(ordered->back().why.value().code == errc::closed);
  }

  TEST_CASE_FIXTURE(referring, "the next chunk of an actor waits for room and for a restart") {
    in_order({.topic = "out", .records = sized(30, 90), .chunk_bytes = 401}, 30s, 1);
    send(10, 2);
    send(5, 3, 30s, when_full::wait); // gets the room of the first chunk
    deliver();
    CHECK(answers->empty());
    kill_named("producer");
    CHECK(answers->size() == 2);
    CHECK(ordered->empty());
    for (int chunk = 2; chunk <= 8; ++chunk)
      deliver();
    REQUIRE(ordered->size() == 1);
    CHECK(ordered->front().stored == 30);
  }

  TEST_CASE_FIXTURE(referring, "a future becomes ready when the records are reported") {
    auto answer = producer.send(some(3), 30s);
    time.run();
    deliver();
    CHECK(answer.get().stored == 3);
    auto refused = producer.send(some(17), 30s, when_full::refuse);
    CHECK(refused.get().failures.at(16).why.code == errc::buffer_full);
  }
}

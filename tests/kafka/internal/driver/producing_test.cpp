// Producing from threads and actors at the same time, against the embedded cluster. The answers
// agree with the log, also if the producer's process is killed.

#include <ottla/actors/call.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/producer/produce_once.hpp>
#include <ottla/kafka/producer/producer.hpp>
#include <ottla/supervision/application.hpp>

#include "cluster_without_topic.hpp"
#include "event_pump.hpp"
#include "kafka/internal/driver/black_hole.hpp"
#include "support/patience.hpp"

#include <fmt/format.h>

#include <atomic>
#include <future>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr int partitions = 2;
constexpr auto within = 30s;

/// Prints no reports of killed processes.
struct silent : observer {};

/// The values of all produced records, and what their answers said.
class ledger {
public:
  void note(const std::vector<std::string>& values, const produced& answer) {
    const std::scoped_lock guard{lock_};
    CHECK(answer.stored + answer.failures.size() == values.size());
    for (std::size_t index = 0; index < values.size(); ++index) {
      const auto state = answer.state_of(index);
      states_[values[index]] = state;
      ++counts_[state];
      if (state == record_state::stored)
        places_[values[index]] = answer.places.at(index);
    }
  }

  /// Compares the answers with the log.
  void check(const std::map<std::string, std::vector<record_place>>& log) const {
    const std::scoped_lock guard{lock_};
    std::size_t wrong = 0;
    for (const auto& [value, state] : states_) {
      const auto found = log.find(value);
      const auto times = found == log.end() ? 0 : found->second.size();
      if (state == record_state::stored)
        wrong += times != 1 || found->second.front() != places_.at(value);
      else
        wrong += state == record_state::not_stored ? times != 0 : times > 1;
    }
    CHECK(wrong == 0);
  }

  std::size_t all() const {
    const std::scoped_lock guard{lock_};
    return states_.size();
  }
  std::size_t count(record_state of) const {
    const std::scoped_lock guard{lock_};
    const auto found = counts_.find(of);
    return found == counts_.end() ? 0 : found->second;
  }

private:
  mutable std::mutex lock_;
  std::map<std::string, record_state> states_;
  std::map<std::string, record_place> places_;
  std::map<record_state, std::size_t> counts_;
};

struct request {
  produce what;
  std::vector<std::string> values;
};

request numbered_request(const std::string& who, int number, std::size_t size) {
  request made{.what = {.topic = "t"}, .values = {}};
  for (std::size_t index = 0; index < size; ++index) {
    made.values.push_back(fmt::format("{}-{}-{}", who, number, index));
    made.what.records.push_back({.key = made.values.back(), .value = made.values.back()});
  }
  return made;
}

/// Sends lists with four in flight, and waits for their answers.
class sending_process : public process {
public:
  sending_process(caf::actor_config& config, process_context context, std::string who, int lists,
                  std::shared_ptr<ledger> notes, std::shared_ptr<std::atomic<int>> finished)
    : process{config, std::move(context)},
      who_{std::move(who)},
      left_{lists},
      notes_{std::move(notes)},
      done_{std::move(finished)} {}

private:
  caf::behavior set_up() override {
    orders_ = kafka::producer{process_ref{context().names, "c/producer"}};
    for (int i = 0; i < 4; ++i)
      send();
    return {[this](const produced& answer) {
      notes_->note(sent_.at(answer.tag), answer);
      sent_.erase(answer.tag);
      send();
    }};
  }

  void send() {
    if (left_ == 0) {
      if (sent_.empty())
        ++*done_;
      return;
    }
    auto next = numbered_request(who_, --left_, 10);
    sent_[++tag_] = std::move(next.values);
    orders_.send(this, std::move(next.what), within, tag_, when_full::wait);
  }

  std::string who_;
  int left_;
  std::shared_ptr<ledger> notes_;
  std::shared_ptr<std::atomic<int>> done_;
  kafka::producer orders_;
  std::uint64_t tag_ = 0;
  std::map<std::uint64_t, std::vector<std::string>> sent_;
};

/// Everything in the topic, by value.
std::map<std::string, std::vector<record_place>> read_log(const std::string& brokers) {
  const auto kafka = make_librdkafka_driver({.brokers = brokers});
  member reader{kafka->open_consumer(quick("reader"))};
  std::vector<topic_partition> all;
  for (int partition = 0; partition < partitions; ++partition)
    all.push_back({"t", partition});
  reader->look_up_ends(all);
  const auto ends = reader.expect<ends_known>().ends;
  reader->subscribe(std::vector<std::string>{"t"});
  const auto offer = reader.expect<assigned>();
  std::vector<position> begin;
  for (const auto& one : offer.partitions)
    begin.push_back({one, 0});
  const auto from = reader->assign(offer.answer, begin);
  std::map<std::string, std::vector<record_place>> log;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto partition = offer.partitions[i].partition;
    auto next = std::int64_t{0};
    wake_counter wakes;
    from[i]->wake_on_message(wakes.hand_out());
    const auto until = steady::now() + 30s;
    while (next < ends.at(static_cast<std::size_t>(partition)).offset) {
      const auto got = from[i]->take(100);
      for (const auto& each : got.messages) {
        log[std::string{each.value()}].push_back({partition, each.offset()});
        next = each.offset() + 1;
      }
      if (got.messages.empty() && !wakes.wait(until))
        break;
    }
    from[i]->wake_on_message({});
  }
  return log;
}

struct producing_program {
  embedded_cluster cluster{{.topics = {{"t", partitions}}}};
  std::shared_ptr<ledger> notes = std::make_shared<ledger>();
  std::shared_ptr<std::atomic<int>> done = std::make_shared<std::atomic<int>>(0);
  std::optional<application> app;

  connection settings(std::size_t buffer_bytes = 64 * 1024 * 1024) const {
    return {.name = "c",
            .brokers = cluster.brokers(),
            .producing = producer_settings{.linger = 1ms, .buffer_bytes = buffer_bytes},
            .restarts = {.at_most = 1'000, .within = 1h},
            .observer = std::make_shared<silent>()};
  }

  child_spec sender_of(const std::string& who, int lists) const {
    return {.id = who, .start = start<sending_process>(who, lists, notes, done)};
  }

  /// Produces lists and waits for each answer.
  void produce_in_thread(const std::string& who, int lists) const {
    const kafka::producer orders{app->find("c/producer")};
    for (int list = 0; list < lists; ++list) {
      auto next = numbered_request(who, list, 10);
      notes->note(next.values, orders.produce(std::move(next.what), within));
    }
  }

  bool wait_until_done(int processes) const {
    const auto until = steady::now() + 30s;
    while (*done < processes && steady::now() < until)
      std::this_thread::yield();
    return *done == processes;
  }
};

/// A program whose broker accepts connections and never answers.
struct without_answers {
  black_hole silent_broker;
  application app{{.id = "app",
                   .children = {connection{.name = "c",
                                           .brokers = silent_broker.broker(),
                                           .producing = producer_settings{},
                                           .observer = std::make_shared<silent>()}},
                   .stop_within = 1s}};
  kafka::producer orders{app.find("c/producer")};
};

} // namespace

TEST_SUITE("producing" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(producing_program,
                    "threads and actors produce at the same time, and each answer has the place") {
    // The small buffer makes callers wait for room.
    app.emplace(application_spec{
      .id = "app", .children = {settings(1'200'000), sender_of("p", 50), sender_of("q", 50)}});
    std::vector<std::thread> threads;
    for (const std::string who : {"a", "b", "c"})
      threads.emplace_back([this, who] { produce_in_thread(who, 50); });
    for (auto& each : threads)
      each.join();
    REQUIRE(wait_until_done(2));
    CHECK(app->stop());
    CHECK(notes->all() == 2'500);
    CHECK(notes->count(record_state::stored) == 2'500);
    notes->check(read_log(cluster.brokers()));
  }

  TEST_CASE_FIXTURE(producing_program, "if the producer's process is killed again and again, every "
                                       "record has an answer that agrees with the log") {
    app.emplace(
      application_spec{.id = "app",
                       .restarts = {.at_most = 1'000, .within = 1h},
                       .children = {settings(), sender_of("p", 200), sender_of("q", 200)}});
    std::vector<std::thread> threads;
    std::atomic<bool> over = false;
    for (const std::string who : {"a", "b", "c"})
      threads.emplace_back([this, who] { produce_in_thread(who, 100); });
    std::thread killer{[&] {
      const auto producer = app->find("c/producer");
      std::size_t killed_at = 0;
      while (!over && killed_at < 4'000) {
        // Some records are answered between two kills.
        if (notes->all() < killed_at + 300) {
          std::this_thread::yield();
          continue;
        }
        killed_at = notes->all();
        kill(producer.resolve());
      }
    }};
    for (auto& each : threads)
      each.join();
    CHECK(wait_until_done(2));
    over = true;
    killer.join();
    CHECK(app->stop());
    CHECK(notes->all() == 7'000);
    CHECK(notes->count(record_state::stored) > 0);
    notes->check(read_log(cluster.brokers()));
    MESSAGE(notes->count(record_state::stored)
            << " stored, " << notes->count(record_state::unknown) << " unknown, "
            << notes->count(record_state::not_stored) << " not stored");
  }

  TEST_CASE_FIXTURE(producing_program,
                    "a stop sends what threads have handed over, and rejects what "
                    "they hand over during the stop") {
    app.emplace(application_spec{.id = "app", .children = {settings()}});
    std::atomic<bool> over = false;
    std::thread caller{[this, &over] {
      const kafka::producer orders{app->find("c/producer")};
      for (int list = 0; !over; ++list) {
        auto next = numbered_request("a", list, 10);
        const auto answer = orders.produce(std::move(next.what), within);
        notes->note(next.values, answer);
        over = !answer.failures.empty() && answer.failures.front().why.code == errc::closed;
      }
    }};
    const auto until = steady::now() + 10s;
    while (notes->all() < 200 && steady::now() < until)
      std::this_thread::yield();
    CHECK(app->stop());
    caller.join();
    CHECK(notes->count(record_state::unknown) == 0);
    CHECK(notes->count(record_state::not_stored) == 10);
    notes->check(read_log(cluster.brokers()));
  }

  TEST_CASE_FIXTURE(producing_program,
                    "produce_in_order stores chunk after chunk, and keeps order") {
    app.emplace(application_spec{.id = "app", .children = {settings()}});
    const kafka::producer orders{app->find("c/producer")};
    auto next = numbered_request("a", 0, 500);
    const auto done = orders.produce_in_order(
      {.topic = "t", .records = std::move(next.what.records), .partition = 1, .chunk_bytes = 300},
      within);
    CHECK(done.stored == 500);
    CHECK_FALSE(done.why);
    CHECK(done.not_stored.empty());
    const auto log = read_log(cluster.brokers());
    std::vector<record_place> places;
    for (const auto& value : next.values)
      places.push_back(log.at(value).front());
    for (std::int64_t offset = 0; offset < 500; ++offset)
      CHECK(places[static_cast<std::size_t>(offset)] == record_place{1, offset});
    CHECK(app->stop());
  }

  TEST_CASE_FIXTURE(
    producing_program,
    "produce_in_order returns the records that are not stored after a failure, in order") {
    app.emplace(application_spec{.id = "app", .children = {settings()}});
    const kafka::producer orders{app->find("c/producer")};
    std::vector<record> records;
    for (const auto* value : {"0", "1", "2", "3"})
      records.push_back({.value = value});
    // The log has no place for a time before 1970.
    records[2].timestamp = std::chrono::system_clock::time_point{-1h};
    const auto done
      = orders.produce_in_order({.topic = "t", .records = records, .chunk_bytes = 12}, within);
    CHECK(done.stored == 2);
    REQUIRE(done.why);
    CHECK(done.why->code == errc::bad_setting);
    REQUIRE(done.not_stored.size() == 2);
    CHECK(done.not_stored[0].value == "2");
    CHECK(done.not_stored[1].value == "3");
    CHECK(done.unknown.empty());

    const auto refused
      = orders.produce_in_order({.topic = "t", .records = records, .chunk_bytes = 11}, within);
    CHECK(refused.stored == 0);
    CHECK(refused.not_stored.size() == 4);
    CHECK(refused.why->code == errc::record_too_large);
    CHECK(app->stop());
  }

  TEST_CASE_FIXTURE(without_answers, "produce_in_order ends at its deadline if no broker answers") {
    const auto done
      = orders.produce_in_order({.topic = "t", .records = numbered(4), .chunk_bytes = 23}, 300ms);
    CHECK(done.stored == 0);
    CHECK(done.unknown.size() + done.not_stored.size() == 4);
    CHECK(!done.unknown.empty());
    CHECK(!done.not_stored.empty());
    CHECK(done.why);
  }

  TEST_CASE_FIXTURE(without_answers,
                    "a blocking produce returns at its deadline if no broker answers") {
    const auto before = steady::now();
    const auto answer = orders.produce({.topic = "t", .records = numbered(2)}, 300ms);
    CHECK(steady::now() - before >= 300ms);
    CHECK(steady::now() - before < 300ms + ottla::test::patience());
    CHECK(answer.state_of(0) == record_state::unknown);
    auto later = orders.send({.topic = "t", .records = numbered(2)}, 300ms);
    REQUIRE(later.wait_for(ottla::test::patience()) == std::future_status::ready);
    CHECK(later.get().state_of(1) == record_state::unknown);
  }

  TEST_CASE("a topic that does not exist is the error of the call that names it, within seconds") {
    const cluster_without_topic cluster{"nowhere"};
    application app{{.id = "app",
                     .children = {connection{.name = "c",
                                             .brokers = cluster.brokers(),
                                             .producing = producer_settings{.linger = 0us},
                                             .observer = std::make_shared<silent>()}}}};
    const kafka::producer orders{app.find("c/producer")};
    const auto answer = orders.produce({.topic = "nowhere", .records = numbered(1)}, within);
    CHECK(to_string(answer.failures.at(0).why).starts_with("unknown_topic: topic \"nowhere\": "));
    CHECK(answer.state_of(0) == record_state::not_stored);
    CHECK(orders.produce({.topic = "t", .records = numbered(1)}, within).stored == 1);
    CHECK(app.stop());
  }
}

TEST_SUITE("produce_once" * doctest::timeout(120)) {
  TEST_CASE("records are stored with the addresses of brokers alone") {
    const embedded_cluster cluster{{.topics = {{"t", partitions}}}};
    const auto done
      = produce_once({.brokers = cluster.brokers()}, "t", {{.value = "a"}, {.value = "b"}}, within);
    REQUIRE(done);
    CHECK(done->stored == 2);
    CHECK(done->places.size() == 2);
    const auto log = read_log(cluster.brokers());
    CHECK(log.at("a") == std::vector<record_place>{done->places[0]});
    CHECK(log.at("b") == std::vector<record_place>{done->places[1]});
    CHECK(produce_once({.brokers = cluster.brokers()}, "t", {}, within)->stored == 0);
  }

  TEST_CASE("without an answer of a broker, the records are reported before the deadline") {
    const black_hole silent_broker;
    const auto before = steady::now();
    const auto done
      = produce_once({.brokers = silent_broker.broker()}, "t", {{.value = "a"}}, 500ms);
    CHECK(steady::now() - before < 500ms + ottla::test::patience());
    REQUIRE(done);
    REQUIRE(done->failures.size() == 1);
    CHECK(done->failures[0].why.code != errc::other);
  }

  TEST_CASE("invalid settings are an error, and nothing is sent") {
    const auto code = [](const result<produced>& of) {
      REQUIRE_FALSE(of);
      return of.error().code;
    };
    const cluster_settings nowhere{.brokers = "127.0.0.1:1"};
    CHECK(code(produce_once({.brokers = "a:b:c"}, "t", {{.value = "a"}}, 1s)) == errc::bad_setting);
    CHECK(code(produce_once(nowhere, "a/b", {{.value = "a"}}, 1s)) == errc::bad_setting);
    CHECK(code(produce_once(nowhere, "t", {{.value = "a"}}, 0s)) == errc::bad_setting);
    CHECK(code(produce_once(nowhere, "t", {{.value = "a"}}, -1s)) == errc::bad_setting);
  }
}

#include <ottla/kafka/internal/fetch/stream_server.hpp>

#include "support/fake_reader.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;
using ottla::test::ask_later;

namespace {

const topic_partition zero{"t", 0};
const topic_partition one{"t", 1};

/// A driver that keeps the work of run_aside until the test runs it.
class patient_driver : public reading_driver {
public:
  using reading_driver::reading_driver;

  void run_aside(std::string, std::function<void()> work) override {
    if (keeps_work)
      kept_work.push_back(std::move(work));
    else
      work();
  }

  result<std::unique_ptr<reader_handle>> open_reader(const reader_settings& what) override {
    if (open_throws)
      throw std::runtime_error{"no memory"};
    return reading_driver::open_reader(what);
  }

  bool open_throws = false;
  bool keeps_work = false;
  std::vector<std::function<void()>> kept_work;
};

/// The stream process "history" of a topic of two partitions.
struct history : ottla::test::stage {
  std::shared_ptr<fake_kafka> kafka = std::make_shared<fake_kafka>();
  std::shared_ptr<patient_driver> driver = std::make_shared<patient_driver>(kafka);

  history() { kafka->partitions["t"] = 2; }

  void open(stream_settings what = {}) {
    what.topic = "t";
    open_spec(stream_process_on(driver, {.name = "history", .what = what}));
  }
  void open_spec(const ottla::child_spec& spec) {
    CHECK(spec.faults.empty());
    spec_ = spec;
    process = start(spec).process;
  }
  /// Kills the process, and starts its replacement from the same spec.
  void replace() {
    end_abruptly(process);
    process = start(spec_).process;
  }

  auto ask_for(next_part_request what) {
    auto asked = ask_later<next_part_request::answer>(*this, process, what);
    time.run();
    return asked;
  }
  stream_part part(std::optional<std::uint64_t> after, std::size_t most = 1'000) {
    const auto asked = ask_for({.after = after, .most = most});
    REQUIRE(asked->answer.has_value());
    REQUIRE_MESSAGE(*asked->answer, to_string(*asked->answer ? error{} : asked->answer->error()));
    return **asked->answer;
  }
  error refused(next_part_request what) {
    const auto asked = ask_for(what);
    REQUIRE(asked->answer.has_value());
    REQUIRE_FALSE(*asked->answer);
    return asked->answer->error();
  }

  void run_kept_work() {
    for (auto& each : std::exchange(driver->kept_work, {}))
      each();
    time.run();
  }

  caf::actor process;

private:
  ottla::child_spec spec_;
};

/// As in `t/0[0..4]`.
std::string text(const stream_part& part) {
  if (part.is_end)
    return "end";
  return to_string(part.messages.from()) + '[' + std::to_string(part.messages.front().offset())
         + ".." + std::to_string(part.messages.back().offset()) + ']';
}

} // namespace

TEST_SUITE("stream_server") {
  TEST_CASE_FIXTURE(history, "a stream process asks nothing before the first request") {
    kafka->append(zero, 3);
    open();
    CHECK(kafka->asked.empty());
  }

  TEST_CASE_FIXTURE(history, "parts come one at a time, each with its number and the progress") {
    kafka->append(zero, 5);
    kafka->append(one, 2);
    open();
    const auto first = part(0, 3);
    CHECK(text(first) == "t/0[0..2]");
    CHECK(first.number == 1);
    REQUIRE(first.progress.size() == 2);
    CHECK(first.progress[0].next == 3);
    CHECK(first.progress[0].end == 5);
    CHECK(text(part(1, 3)) == "t/1[0..1]");
    CHECK(text(part(2, 3)) == "t/0[3..4]");
    const auto last = part(3);
    CHECK(text(last) == "end");
    CHECK(last.number == 4);
    CHECK(last.progress[0].to_do() == 0);
  }

  TEST_CASE_FIXTURE(history, "a stream of an empty topic ends with its first part") {
    open();
    CHECK(text(part(std::nullopt)) == "end");
  }

  TEST_CASE_FIXTURE(history, "the end is repeated, and holds no Kafka queue") {
    kafka->append(zero, 1);
    open();
    part(0);
    CHECK(text(part(1)) == "end");
    CHECK(kafka->queues.empty());
    CHECK(kafka->batches_alive == 0);
    CHECK(text(part(1)) == "end");
    CHECK(text(part(2)) == "end");
    CHECK(part(2).number == 2);
  }

  TEST_CASE_FIXTURE(history, "records that are appended after the first part are not read") {
    kafka->append(zero, 2);
    open();
    part(0);
    kafka->append(zero, 2);
    CHECK(text(part(1)) == "end");
  }

  TEST_CASE_FIXTURE(history, "a part is repeated until the next request confirms it") {
    kafka->append(zero, 4);
    open();
    CHECK(text(part(0, 2)) == "t/0[0..1]");
    CHECK(text(part(0, 2)) == "t/0[0..1]");
    CHECK(text(part(std::nullopt)) == "t/0[0..1]");
    CHECK(text(part(1)) == "t/0[2..3]");
  }

  TEST_CASE_FIXTURE(history, "a wrong request is refused, and changes nothing") {
    kafka->append(zero, 4);
    open();
    CHECK(refused({.after = 7}).code == errc::bad_setting);
    CHECK(refused({.after = 7}).text
          == "next_part_request::after must be the number of the last part, 0, got 7");
    CHECK(refused({.most = 0}).text == "most must not be 0");
    CHECK(text(part(0)) == "t/0[0..3]");
  }

  TEST_CASE_FIXTURE(history, "a request waits on a thread of the seam while no record waits") {
    kafka->append(zero, 1);
    driver->keeps_work = true;
    open();
    const auto asked = ask_for({});
    CHECK_FALSE(asked->answer.has_value());
    REQUIRE(driver->kept_work.size() == 1);
    SUBCASE("and the next requests wait too") {
      const auto second = ask_for({.after = 1});
      CHECK(driver->kept_work.size() == 1);
      run_kept_work();
      CHECK(text(**asked->answer) == "t/0[0..0]");
      CHECK_FALSE(second->answer.has_value());
      run_kept_work();
      CHECK(text(**second->answer) == "end");
    }
    SUBCASE("and messages that wait later are read without that thread") {
      kafka->append(zero, 1);
      run_kept_work();
      CHECK(text(**asked->answer) == "t/0[0..1]");
    }
    SUBCASE("and the process stays responsive") {
      ask_to_end(process);
      CHECK_FALSE(ottla::is_alive(process));
      REQUIRE(asked->answer.has_value());
      CHECK(asked->answer->error().code == errc::closed);
      run_kept_work();
      CHECK(kafka->asked.empty());
    }
  }

  TEST_CASE_FIXTURE(history, "messages that wait are read on the process's own thread") {
    kafka->append(zero, 4);
    open();
    part(0, 2);
    driver->keeps_work = true;
    CHECK(text(part(1, 2)) == "t/0[2..3]");
    CHECK(driver->kept_work.empty());
  }

  TEST_CASE_FIXTURE(history,
                    "a failure is the answer, and the next request opens the stream again") {
    kafka->append(zero, 4);
    driver->script->lookups_fail
      = error{.code = errc::unreachable, .retriable = true, .text = "no broker"};
    open();
    CHECK(refused({}).text == "no broker");
    CHECK(refused({}).code == errc::unreachable);
    CHECK(ottla::is_alive(process));
    driver->script->lookups_fail.reset();
    CHECK(text(part(0)) == "t/0[0..3]");
  }

  TEST_CASE_FIXTURE(history, "after a failure in the middle, the stream resumes after the last "
                             "part, with the ends that it had") {
    kafka->append(zero, 4);
    open({.partitions = {0}, .patience = 0ms});
    CHECK(text(part(0, 2)) == "t/0[0..1]");
    kafka->logs[zero].failed = error{.code = errc::other, .text = "corrupt"};
    CHECK(text(part(1)) == "t/0[2..3]");
    // The log failed at its end, which is also the end of the stream.
    CHECK(text(part(2)) == "end");
  }

  TEST_CASE_FIXTURE(history, "the next process resumes after the last confirmed part, with the "
                             "ends that the stream had") {
    kafka->append(zero, 6);
    open();
    part(0, 2);
    CHECK(text(part(1, 2)) == "t/0[2..3]");
    kafka->append(zero, 10);
    kafka->asked.clear();
    replace();
    // The part with number 2 was not confirmed.
    CHECK(text(part(1, 2)) == "t/0[2..3]");
    CHECK(part(1).number == 2);
    CHECK(kafka->asked == std::vector<std::string>{"start t/0@2"});
    CHECK(text(part(2)) == "t/0[4..5]");
    CHECK(text(part(3)) == "end");
  }

  TEST_CASE_FIXTURE(history,
                    "a part of the process that ended can be confirmed to its replacement") {
    kafka->append(zero, 6);
    open();
    CHECK(text(part(0, 2)) == "t/0[0..1]");
    replace();
    CHECK(text(part(1, 2)) == "t/0[2..3]");
  }

  TEST_CASE_FIXTURE(history, "a reader that does not know the number gets the part that is not "
                             "confirmed") {
    kafka->append(zero, 4);
    open();
    part(0, 2);
    part(1, 2);
    replace();
    const auto again = part(std::nullopt);
    CHECK(again.number == 2);
    CHECK(text(again) == "t/0[2..3]");
  }

  TEST_CASE_FIXTURE(history, "after the end of a stream, the next process answers the end at "
                             "once") {
    kafka->append(zero, 2);
    open();
    part(0);
    part(1);
    replace();
    kafka->asked.clear();
    CHECK(text(part(1)) == "end");
    CHECK(kafka->asked.empty());
  }

  TEST_CASE_FIXTURE(history, "a part keeps its messages until it is released") {
    kafka->append(zero, 2);
    open();
    auto kept = std::make_unique<stream_part>(part(0));
    part(1);
    end_abruptly(process);
    CHECK(kafka->batches_alive == 1);
    CHECK(kept->messages[1].value() == "1");
    kept.reset();
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE("bad settings are faults of the spec") {
    const auto driver = std::make_shared<reading_driver>(std::make_shared<fake_kafka>());
    const ottla::child_spec spec = stream_process_on(
      driver, {.what = {.topic = "a b", .ahead_bytes = 0, .on_progress = [](auto) {}},
               .open_within = -1ms});
    REQUIRE(spec.faults.size() == 3);
    CHECK(spec.faults[0] == "stream \"\": name must not be empty");
    CHECK(spec.faults[1].find("ahead_bytes must not be 0") != std::string::npos);
    CHECK(spec.faults[1].find("within must not be negative") != std::string::npos);
    CHECK(spec.faults[2].find("on_progress must be null") != std::string::npos);
  }

  TEST_CASE_FIXTURE(history, "an exception while a part is read is the answer") {
    kafka->append(zero, 3);
    driver->open_throws = true;
    open();
    CHECK(refused({}).text == "the stream failed: no memory");
    driver->open_throws = false;
    CHECK(text(part(0)) == "t/0[0..2]");
  }
}

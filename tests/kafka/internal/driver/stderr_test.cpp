// librdkafka's log lines go to the observer and never to stderr.

#include <ottla/actors/call.hpp>
#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>

#include "kafka/internal/driver/event_pump.hpp"
#include "support/administer.hpp"
#include "support/counter.hpp"
#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <array>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <variant>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using ottla::test::counter;

/// Replaces stderr, and keeps what is written there.
class recorded_stderr {
public:
  recorded_stderr() { REQUIRE(file_ >= 0); }
  ~recorded_stderr() { close(file_); }
  recorded_stderr(const recorded_stderr&) = delete;
  recorded_stderr& operator=(const recorded_stderr&) = delete;

  std::string text() const {
    flush_lines(5s);
    std::string all;
    std::array<char, 4096> piece{};
    for (;;) {
      const auto size = pread(file_, piece.data(), piece.size(), static_cast<off_t>(all.size()));
      if (size <= 0)
        return all;
      all.append(piece.data(), static_cast<std::size_t>(size));
    }
  }

private:
  const int file_ = memfd_create("stderr", MFD_CLOEXEC);
  const ottla::test::stderr_stand_in in_place_{fcntl(file_, F_DUPFD_CLOEXEC, 0)};
};

/// Makes librdkafka log everything, including a warning about one key.
const extra_settings loud{{"debug", "all"}, {"sasl.mechanism", "PLAIN"}};

/// Counts the reports of a connection, and lets a test wait for them.
class listener : public observer {
public:
  counter lines;
  counter warnings;
  counter assignments;
  counter failures;
  counter recoveries;

  void logged(const kafka::log_line& line) override {
    (line.facility == "CONFWARN" ? warnings : lines).raise();
  }
  void assigned(std::int32_t, std::span<const topic_partition>) override { assignments.raise(); }
  void failed(const error&) override { failures.raise(); }
  void recovered() override { recoveries.raise(); }
};

struct idle_handler : batch_handler {
  verdict handle(batch) override { return ack(); }
};

/// Asks the brokers for a sign of life, and waits for the result.
bool has_broker(driver& of, std::chrono::milliseconds within) {
  auto answer = std::make_shared<std::promise<bool>>();
  auto answered = answer->get_future();
  of.ask_brokers(within, std::stop_token{},
                 [answer](const auto& failed) { answer->set_value(!failed); });
  return answered.wait_for(within + 10s) == std::future_status::ready && answered.get();
}

/// Looks the topic up on a thread of the client, and waits for the result.
bool has_topic(driver& of, const std::string& topic) {
  auto answer = std::make_shared<std::promise<bool>>();
  auto answered = answer->get_future();
  of.describe_topics({topic}, [answer](const auto& found) {
    const auto* topics = std::get_if<std::vector<topic_info>>(&found);
    answer->set_value(topics != nullptr && topics->size() == 1);
  });
  return answered.wait_for(20s) == std::future_status::ready && answered.get();
}

} // namespace

TEST_SUITE("stderr of the client" * doctest::timeout(120)) {
  TEST_CASE("no Kafka handle writes to stderr, even if its broker goes down") {
    REQUIRE(await_reaped(30s) == 0); // handles of earlier cases
    const recorded_stderr recorded;
    {
      embedded_cluster cluster{{.topics = {{"t", 1}}}};
      const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers(), .extra = loud});
      sender to{kafka->open_producer({.linger = 0us})};
      REQUIRE(to->send(make_batch(1, "t", numbered(10)), 0) == 10);
      CHECK(to.expect<delivered>().failures.empty());
      to.expect<handle_logged>();

      auto how = quick("g");
      how.fetch_wait = 500ms; // each fetch writes a few log lines
      member who{kafka->open_consumer(how)};
      auto from = join(who, "t");
      REQUIRE(from.size() == 1);
      CHECK(read(*from.front(), 10).size() == 10);
      who.expect<handle_logged>();

      const std::vector<topic_partition> partitions{{"t", 0}};
      who->look_up_ends(partitions);
      CHECK(who.expect<ends_known>().ends.at(0).offset == 10);
      who->resolve(partitions, earliest{}, earliest{});
      CHECK(who.expect<resolved>().beginnings.at(0).offset == 0);
      CHECK(administer(*kafka, list_topics_request{.within = 10s}));
      CHECK(has_topic(*kafka, "t"));
      CHECK(has_broker(*kafka, 10s));

      cluster.take_broker_down(1);
      who.expect<handle_failed>();
      to.expect<handle_failed>();
      who->look_up_ends(partitions);
      CHECK(who.expect<ends_known>(30s).ends.at(0).failed.has_value());
      CHECK_FALSE(administer(*kafka, list_topics_request{.within = 500ms}));
      CHECK_FALSE(has_broker(*kafka, 500ms));
      kafka->stop_asking();
    }
    CHECK(await_reaped(30s) == 0);
    CHECK(recorded.text() == "");
  }

  TEST_CASE("an observer of a connection gets librdkafka's log lines, and stderr gets none") {
    REQUIRE(await_reaped(30s) == 0); // handles of earlier cases
    const recorded_stderr recorded;
    const auto told = std::make_shared<listener>();
    {
      embedded_cluster cluster{{.topics = {{"t", 1}}}};
      application app{{.id = "app",
                       .children = {connection{.name = "c",
                                               .brokers = cluster.brokers(),
                                               .producing = producer_settings{},
                                               .group_consumer
                                               = group_consumer{.group = "g",
                                                                .topics = {"t"},
                                                                .handler = handler<idle_handler>(),
                                                                .session_timeout = 6s,
                                                                .heartbeat_interval = 1s},
                                               .observer = told,
                                               .extra = loud}}}};
      const auto answer = call<produced>(app.system(), app.find("c/producer"), 15s,
                                         produce{.topic = "t", .records = {{.value = "x"}}});
      REQUIRE(answer);
      CHECK(answer->stored == 1);
      REQUIRE(told->assignments.wait_for(1, 20s));
      CHECK(told->warnings.wait_for(1));
      CHECK(told->lines.wait_for(100));
      cluster.take_broker_down(1);
      CHECK(told->failures.wait_for(1));
      cluster.bring_broker_up(1);
      CHECK(told->recoveries.wait_for(1, 30s));
      app.stop();
    }
    CHECK(await_reaped(30s) == 0);
    CHECK(recorded.text() == "");
  }
}

// Logins with tokens that a program provides, at a broker that requires tokens.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/internal/text/unsecured_jwt.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>

#include "counting_handler.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <unistd.h>

using namespace ottla;
using namespace ottla::kafka;
using ottla::kafka::test::counting_handler;
using namespace std::chrono_literals;

namespace {

const std::map<std::string, std::string> login{{"security.protocol", "sasl_plaintext"},
                                               {"sasl.mechanisms", "OAUTHBEARER"}};

class watcher : public observer {
public:
  void add(std::size_t messages) {
    const std::lock_guard lock{guard_};
    count_ += messages;
    changed_.notify_all();
  }

  void failed(const error& what) override {
    const std::lock_guard lock{guard_};
    if (what.code == errc::authentication_failed)
      refusal_ = what.text;
    changed_.notify_all();
  }

  bool wait_for(std::size_t messages) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, 60s, [&] { return count_ >= messages; });
  }

  std::string wait_for_refusal() {
    std::unique_lock lock{guard_};
    changed_.wait_for(lock, 60s, [&] { return !refusal_.empty(); });
    return refusal_;
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
  std::string refusal_;
};

/// Null if the tests use an external broker that does not accept such logins.
const char* oauth_brokers() {
  const auto* brokers = std::getenv("OTTLA_OAUTH_BROKERS");
  if (brokers == nullptr)
    MESSAGE("not tested: OTTLA_OAUTH_BROKERS is not set");
  return brokers;
}

application_spec consuming(const std::string& topic, const cluster_settings& by,
                           const std::shared_ptr<watcher>& seen) {
  return {.id = "app",
          .restarts = {.at_most = 100},
          .children = {connection{
            .name = "c",
            .brokers = by.brokers,
            .producing = producer_settings{},
            .group_consumer = group_consumer{.group = topic,
                                             .topics = {topic},
                                             .handler = handler<counting_handler<watcher>>(seen)},
            .restarts = {.at_most = 100},
            .observer = seen,
            .oauth_tokens = by.oauth_tokens,
            .extra = by.extra}}};
}

void produce_and_consume(const cluster_settings& by) {
  static int turn = 0;
  const auto topic = fmt::format("oauth-{}-{}", getpid(), ++turn);
  REQUIRE(create_topic(by, {.name = topic}, 30s));
  const auto seen = std::make_shared<watcher>();
  application app{consuming(topic, by, seen)};
  const produce ten{.topic = topic, .records = std::vector<record>(10, {.key = {}, .value = "x"})};
  const auto done = call<produced>(app.system(), app.find("c/producer"), 30s, ten);
  REQUIRE(done);
  CHECK(done->failures.empty());
  CHECK(seen->wait_for(10));
  CHECK(app.stop());
  CHECK(delete_topic(by, topic, 30s));
}

} // namespace

TEST_SUITE("oauth" * doctest::timeout(300)) {
  TEST_CASE("every handle of a connection logs in with tokens that the program provides") {
    const auto* brokers = oauth_brokers();
    if (brokers == nullptr)
      return;
    const auto asked = std::make_shared<std::atomic<int>>(0);
    produce_and_consume({.brokers = brokers,
                         .oauth_tokens =
                           [asked](const std::string&) {
                             ++*asked;
                             return make_unsecured_token("principal=anna lifeSeconds=60");
                           },
                         .extra = login});
    // The group's handle, the producer's handle, and one handle for each cluster request.
    CHECK(*asked >= 4);
  }

  TEST_CASE("every handle of a connection logs in with unsecured tokens that ottla creates") {
    const auto* brokers = oauth_brokers();
    if (brokers == nullptr)
      return;
    auto extra = login;
    extra["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
    extra["sasl.oauthbearer.config"] = "principal=anna scope=read,write lifeSeconds=60";
    produce_and_consume({.brokers = brokers, .extra = extra});
  }

  TEST_CASE("the error about a rejected token does not contain the token") {
    const auto* brokers = oauth_brokers();
    if (brokers == nullptr)
      return;
    const std::string secret = "no.such.token";
    const cluster_settings by{
      .brokers = brokers,
      .oauth_tokens =
        [secret](const std::string&) {
          return oauth_token{
            .value = secret, .expires = std::chrono::system_clock::now() + 1h, .principal = "anna"};
        },
      .extra = login};
    const auto seen = std::make_shared<watcher>();
    application app{consuming("nowhere", by, seen)};
    const auto why = seen->wait_for_refusal();
    CHECK(why != "");
    CHECK(why.find(secret) == std::string::npos);
    const auto listed = list_topics(by, 5s);
    REQUIRE_FALSE(listed);
    CHECK(listed.error().code == errc::authentication_failed);
    CHECK(listed.error().text.find(secret) == std::string::npos);
    CHECK(app.stop());
  }
}

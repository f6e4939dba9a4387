// Logins with TLS and SCRAM by typed settings, at a broker whose certificate an authority of the
// test's own has signed.

#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/capabilities.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/fetch/fetch.hpp>
#include <ottla/kafka/producer/produce_once.hpp>
#include <ottla/kafka/producer/producer.hpp>
#include <ottla/supervision/application.hpp>

#include "broker/broker.hpp"
#include "broker/group_application.hpp"
#include "support/tls_server.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// The user and the password that tests/broker/kafka gives to the broker.
const std::string user = "ada";
const std::string password = "ada-secret";

struct secure_broker {
  std::string brokers;
  std::string ca;
};

/// nullopt if the tests use an external broker without such a listener.
std::optional<secure_broker> find_secure_broker() {
  const auto* brokers = std::getenv("OTTLA_SECURE_BROKERS");
  const auto* ca = std::getenv("OTTLA_SECURE_CA");
  if (brokers != nullptr && ca != nullptr)
    return secure_broker{brokers, ca};
  MESSAGE("not tested: OTTLA_SECURE_BROKERS or OTTLA_SECURE_CA is not set");
  return std::nullopt;
}

/// librdkafka before 2.6.1 sends its nonce twice, which Apache Kafka 4 rejects (librdkafka #4895).
bool can_log_in_with_scram() {
  const auto* version = std::getenv("OTTLA_KAFKA_VERSION");
  const bool is_4 = version != nullptr && std::string{version}.starts_with("4");
  std::array<int, 3> client{};
  std::sscanf(capabilities().version.c_str(), "%d.%d.%d", &client[0], &client[1], &client[2]);
  if (!is_4 || client >= std::array{2, 6, 1})
    return true;
  MESSAGE("not tested: this librdkafka cannot log in to Apache Kafka 4 with SCRAM");
  return false;
}

cluster_settings logged_in(const secure_broker& at, const std::string& with = password) {
  return {.brokers = at.brokers,
          .security = {.tls = tls{.ca = pem_file{at.ca}},
                       .sasl = scram_sha_512{.user = user, .password = secret{with}}},
          // The broker listens on IPv4 only.
          .extra = {{"broker.address.family", "v4"}}};
}

connection connection_to(const cluster_settings& cluster, std::shared_ptr<observer> seen) {
  return {.name = "c",
          .brokers = cluster.brokers,
          .producing = producer_settings{},
          .observer = std::move(seen),
          .security = cluster.security,
          .extra = cluster.extra};
}

class failure_list : public observer {
public:
  void failed(const error& what) override {
    const std::lock_guard lock{guard_};
    failures_.push_back(what);
    changed_.notify_all();
  }

  /// The first failure whose text has these words; nullopt after a minute.
  std::optional<error> wait_for(const std::string& words) {
    std::unique_lock lock{guard_};
    std::optional<error> found;
    changed_.wait_for(lock, 60s, [&] {
      for (const auto& each : failures_)
        if (!found && each.text.find(words) != std::string::npos)
          found = each;
      return found.has_value();
    });
    return found;
  }

  std::string texts() {
    const std::lock_guard lock{guard_};
    std::string all;
    for (const auto& each : failures_)
      all += to_string(each) + '\n';
    return all;
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<error> failures_;
};

/// What a connection and an admin request say about these settings. No text has the password.
error told(const cluster_settings& cluster, const std::string& words, const std::string& hidden) {
  const auto seen = std::make_shared<failure_list>();
  auto whole = connection_to(cluster, seen);
  whole.producing->delivery_timeout = 3s;
  application app{{.id = "app", .children = {whole}}};
  const auto answer = producer{app.find("c/producer")}.produce(
    {.topic = "nowhere", .records = {{.value = "x"}}}, 20s);
  CHECK(answer.stored == 0);
  const auto reported = seen->wait_for(words);
  REQUIRE_MESSAGE(reported.has_value(), seen->texts());
  CHECK(app.stop());
  const auto listed = list_topics(cluster, 10s);
  REQUIRE_FALSE(listed);
  CHECK_MESSAGE(listed.error().text.find(words) != std::string::npos, to_string(listed.error()));
  CHECK(listed.error().code == reported->code);
  for (const auto& text :
       {seen->texts(), to_string(listed.error()), answer.failures.at(0).why.text})
    CHECK(text.find(hidden) == std::string::npos);
  return *reported;
}

} // namespace

TEST_SUITE("TLS and SCRAM on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE("with the right password, all of a connection and all one-off calls work") {
    const auto at = find_secure_broker();
    if (!at || !can_log_in_with_scram())
      return;
    const auto cluster = logged_in(*at);
    const auto topic = fresh_name("secure");
    const auto created = create_topic(cluster, {.name = topic, .partitions = 2}, 30s);
    REQUIRE_MESSAGE(created, (created ? "" : to_string(created.error())));
    const auto seen = std::make_shared<deliveries>();
    auto whole = connection_to(cluster, seen);
    whole.group_consumer = quick_consumer(topic, seen);
    application app{{.id = "app", .children = {whole}}};
    const auto answer = producer{app.find("c/producer")}.produce(
      {.topic = topic, .records = std::vector<record>(10, {.value = "x"}), .partition = 1}, 30s);
    CHECK(answer.stored == 10);
    const auto once = produce_once(cluster, topic, {{.key = "k", .value = "y"}}, 30s);
    REQUIRE_MESSAGE(once, (once ? "" : to_string(once.error())));
    CHECK(once->stored == 1);
    CHECK(seen->wait_for_total(11));
    CHECK(app.stop());
    const auto got = fetch(cluster, {.topic = topic, .partition = 1}, 30s);
    REQUIRE_MESSAGE(got, (got ? "" : to_string(got.error())));
    CHECK(got->records.size() >= 10);
    CHECK(delete_topic(cluster, topic, 30s));
  }

  TEST_CASE("a wrong password is authentication_failed, and no text has the password") {
    const auto at = find_secure_broker();
    if (!at)
      return;
    const auto why = told(logged_in(*at, "hunter2-is-wrong"), "uthentication failed", "hunter2");
    CHECK(why.code == errc::authentication_failed);
  }

  TEST_CASE("a broker's certificate from an unknown authority is reported") {
    const auto at = find_secure_broker();
    if (!at)
      return;
    const ottla::test::certificates made;
    made.make_authority("stranger");
    auto cluster = logged_in(*at);
    cluster.security.tls->ca = pem_file{made.path("stranger.pem")};
    const auto why
      = told(cluster, "the authority of the broker's certificate is unknown", password);
    CHECK(why.code == errc::authentication_failed);
  }

  TEST_CASE("a certificate for another host is reported, unless the host is not verified") {
    const auto at = find_secure_broker();
    if (!at)
      return;
    auto cluster = logged_in(*at);
    cluster.brokers = "127.0.0.1" + at->brokers.substr(at->brokers.find(':'));
    const auto why = told(cluster, "the broker's certificate is for another host", password);
    CHECK(why.code == errc::authentication_failed);
    if (!can_log_in_with_scram())
      return;
    cluster.security.tls->verify_host = false;
    const auto listed = list_topics(cluster, 30s);
    CHECK_MESSAGE(listed, (listed ? "" : to_string(listed.error())));
  }
}

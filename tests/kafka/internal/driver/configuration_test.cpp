#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>

#include "event_pump.hpp"

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

error refusal(cluster_settings common, const consumer_handle_settings& how) {
  const auto opened = make_librdkafka_driver(std::move(common))->open_consumer(how);
  REQUIRE(std::holds_alternative<error>(opened));
  return std::get<error>(opened);
}

error refusal(const std::string& key, const std::string& value) {
  const auto from_common = refusal({.brokers = "localhost:1", .extra = {{key, value}}}, quick("g"));
  auto how = quick("g");
  how.extra = {{key, value}};
  const auto from_own = refusal({.brokers = "localhost:1"}, how);
  CHECK(from_common.text == from_own.text);
  CHECK(from_own.code == errc::bad_setting);
  CHECK(from_own.text.find('"' + key + '"') != std::string::npos);
  return from_own;
}

} // namespace

TEST_SUITE("configuration") {
  TEST_CASE("a key in extra that ottla depends on is rejected with key and reason") {
    for (const auto* key :
         {"enable.auto.commit", "auto.commit.enable", "enable.auto.offset.store",
          "auto.offset.reset", "enable.partition.eof", "group.id", "enabled_events", "rebalance_cb",
          "dr_msg_cb", "metadata.broker.list", "delivery.report.only.error", "transactional.id",
          "go.events.channel.enable", "session.timeout.ms"})
      refusal(key, "x");
    CHECK(
      refusal("enable.auto.commit", "true").text
      == "\"enable.auto.commit\" must not be in extra: ottla commits only acknowledged offsets");
  }

  TEST_CASE("a key in extra that contains a NUL is rejected") {
    const auto why = refusal(
      {.brokers = "localhost:1", .extra = {{{"enable.auto.commit\0x", 20}, "true"}}}, quick("g"));
    CHECK(why.text == "extra has a key with a NUL after \"enable.auto.commit\"");
    const auto secret
      = refusal({.brokers = "localhost:1", .extra = {{{"hunter2\0x", 9}, "true"}}}, quick("g"));
    CHECK(secret.text == "extra has a key that contains a NUL");
  }

  TEST_CASE(
    "the error about a rejected key in extra names the ottla setting that replaces the key") {
    const std::map<std::string, std::string> settings{
      {"auto.commit.interval.ms", "group_consumer.commit_interval"},
      {"auto.offset.reset", "group_consumer.begin and group_consumer.when_missing"},
      {"bootstrap.servers", "connection.brokers"},
      {"client.id", "connection.client_id"},
      {"delivery.timeout.ms", "connection.producing.delivery_timeout"},
      {"enable.idempotence", "connection.producing.idempotent"},
      {"fetch.wait.max.ms", "group_consumer.fetch_wait"},
      {"group.id", "group_consumer.group"},
      {"group.instance.id", "group_consumer.instance"},
      {"heartbeat.interval.ms", "group_consumer.heartbeat_interval"},
      {"linger.ms", "connection.producing.linger"},
      {"max.poll.interval.ms", "group_consumer.max_poll_interval"},
      {"message.timeout.ms", "connection.producing.delivery_timeout"},
      {"metadata.broker.list", "connection.brokers"},
      {"metadata.max.age.ms", "connection.metadata_interval"},
      {"partition.assignment.strategy", "group_consumer.strategy"},
      {"queue.buffering.max.kbytes", "connection.producing.buffer_bytes"},
      {"queue.buffering.max.ms", "connection.producing.linger"},
      {"queued.max.messages.kbytes", "group_consumer.memory_bytes"},
      {"session.timeout.ms", "group_consumer.session_timeout"},
      {"topic.metadata.refresh.interval.ms", "connection.metadata_interval"}};
    for (const auto& [key, setting] : settings)
      CHECK(refusal(key, "1").text == "\"" + key + "\" must not be in extra: set " + setting);
  }

  TEST_CASE("all faults of extra and brokers are reported together and without repetition") {
    const cluster_settings common{.brokers = "a:0,",
                                  .extra = {{"acks", "many"}, {"sasl.pasword", "hunter2"}}};
    auto how = quick("g");
    how.extra = {{"acks", "many"}, {"group.id", "g"}};
    CHECK(refusal(common, how).text
          == "brokers: broker 1: the port of \"a\" must be from 1 to 65535, got 0; "
             "brokers: broker 2 is empty; "
             "\"acks\" cannot be \"many\": Invalid value for configuration property "
             "\"request.required.acks\"; "
             "\"sasl.pasword\" is not a librdkafka key; a similar key is \"sasl.password\"; "
             "\"group.id\" must not be in extra: set group_consumer.group");
  }

  TEST_CASE("an unknown key and an invalid value in extra are rejected with librdkafka's reason") {
    CHECK(refusal("client.timeout.ms", "hunter2").text
          == "\"client.timeout.ms\" is not a librdkafka key");
    CHECK(refusal("fetch.error.backoff.ms", "often").text
          == "\"fetch.error.backoff.ms\" cannot be \"often\": Invalid value for configuration "
             "property \"fetch.error.backoff.ms\"");
  }

  TEST_CASE(
    "the value of a misspelt or Java key in extra is not quoted, because it may be a secret") {
    for (const std::string key :
         {"sasl.pasword", "sasl.jaas.config", "ssl.truststore.password", "sasl_plain_password",
          "client.secret", "SASL.PASSWORD", "ssl_key"}) {
      CAPTURE(key);
      const auto why = refusal({.brokers = "localhost:1", .extra = {{key, "hunter2"}}}, quick("g"));
      CHECK(why.code == errc::bad_setting);
      CHECK(why.text.find('"' + std::string{key} + '"') == 0);
      CHECK(why.text.find("hunter2") == std::string::npos);
    }
    const auto why = refusal(
      {.brokers = "localhost:1", .extra = {{"sasl.password", std::string{"hunter2\0", 8}}}},
      quick("g"));
    CHECK(why.text == "\"sasl.password\" has an invalid value: the value contains a NUL");
  }

  TEST_CASE("an unknown key in extra that may be a secret is not quoted") {
    for (const std::string key : {"Super-Secret-hunter2", "hunter2_cb", "go.hunter2", "hunter2"})
      for (const auto& value :
           std::vector<std::string>{"password", "sasl.password", "x", std::string{"x\0y", 3}}) {
        CAPTURE(key);
        const auto why = refusal({.brokers = "localhost:1", .extra = {{key, value}}}, quick("g"));
        CHECK(why.code == errc::bad_setting);
        CHECK(why.text.starts_with("extra has a key"));
        CHECK(why.text.find("hunter2") == std::string::npos);
      }
    CHECK(refusal("acks", std::string{"1\0", 2}).text.ends_with(": the value contains a NUL"));
  }

  TEST_CASE("a secret under a wrong key that librdkafka accepts is masked in the log") {
    sender to{make_librdkafka_driver(
                {.brokers = "127.0.0.1:1", .extra = {{"sasl.mechanism", "hunter2SeKret"}}})
                ->open_producer({})};
    std::string text;
    while (text.find("sasl.mechanism") == std::string::npos)
      text = to.expect<handle_logged>().line.text;
    CHECK(text.find("set to `***`") != std::string::npos);
    CHECK(text.find("hunter2") == std::string::npos);
  }

  TEST_CASE("settings that librdkafka rejects in combination are rejected") {
    auto how = quick("g");
    how.max_poll_interval = 1s;
    const auto why = refusal({.brokers = "localhost:1"}, how);
    CHECK(why.code == errc::bad_setting);
    CHECK(why.text.find("max.poll.interval.ms") != std::string::npos);
  }

  TEST_CASE("a setting that fails only when the handle opens is returned as bad_setting") {
    const cluster_settings no_such_file{
      .brokers = "localhost:1",
      .extra = {{"security.protocol", "ssl"}, {"ssl.ca.location", "/no/such/file"}}};
    const auto why = refusal(no_such_file, quick("g"));
    CHECK(why.code == errc::bad_setting);
    CHECK(why.text.find("ssl.ca.location") != std::string::npos);
    const auto opened = make_librdkafka_driver(no_such_file)->open_producer({});
    REQUIRE(std::holds_alternative<error>(opened));
    CHECK(std::get<error>(opened).text == why.text);
  }

  TEST_CASE("an empty group and an empty broker list are rejected") {
    CHECK(refusal({.brokers = "localhost:1"}, quick("")).text.find("group.id")
          != std::string::npos);
    CHECK(refusal({.brokers = ""}, quick("g")).text == "brokers: broker 1 is empty");
  }

  TEST_CASE("a valid instance id is accepted, and an instance id with a NUL is rejected") {
    auto how = quick("g");
    how.instance = "first";
    CHECK(std::holds_alternative<std::unique_ptr<consumer_handle>>(
      make_librdkafka_driver({.brokers = "localhost:1"})->open_consumer(how)));
    how.instance = std::string{"fir\0st", 6};
    CHECK(refusal({.brokers = "localhost:1"}, how).text.find("\"group.instance.id\"") == 0);
  }

  TEST_CASE("a metadata_interval that librdkafka does not accept is rejected as bad_setting") {
    for (const auto bad : {0ms, -5ms, std::chrono::milliseconds{10h}}) {
      const auto why = refusal({.brokers = "localhost:1", .metadata_interval = bad}, quick("g"));
      CHECK(why.code == errc::bad_setting);
      CHECK(why.text.find("metadata") != std::string::npos);
    }
  }

  TEST_CASE("PLAIN, SCRAM and TLS are configured by librdkafka's keys in extra") {
    const auto open = [](std::map<std::string, std::string> extra) {
      return make_librdkafka_driver(
               {.brokers = "localhost:1,localhost:2", .extra = std::move(extra)})
        ->open_consumer(quick("g"));
    };
    for (const std::string protocol : {"sasl_plaintext", "sasl_ssl"})
      for (const std::string mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
        CAPTURE(protocol);
        CAPTURE(mechanism);
        std::map<std::string, std::string> how{{"security.protocol", protocol},
                                               {"sasl.mechanisms", mechanism},
                                               {"sasl.username", "Alice"}};
        const auto refused = open(how);
        REQUIRE(std::holds_alternative<error>(refused));
        CHECK(std::get<error>(refused).text.find("sasl.password") != std::string::npos);
        how["sasl.password"] = "ecilA";
        CHECK(std::holds_alternative<std::unique_ptr<consumer_handle>>(open(how)));
      }
    CHECK(std::holds_alternative<std::unique_ptr<consumer_handle>>(
      open({{"security.protocol", "ssl"}})));
    const auto refused
      = open({{"security.protocol", "ssl"}, {"ssl.certificate.pem", "not really a certificate"}});
    REQUIRE(std::holds_alternative<error>(refused));
    CHECK(std::get<error>(refused).text.find("ssl.certificate.pem") != std::string::npos);
  }

  TEST_CASE("a valid key in extra without an ottla setting is accepted") {
    const auto kafka = make_librdkafka_driver(
      {.brokers = "localhost:1", .extra = {{"socket.timeout.ms", "10000"}}});
    CHECK(
      std::holds_alternative<std::unique_ptr<consumer_handle>>(kafka->open_consumer(quick("g"))));
    CHECK(std::holds_alternative<std::unique_ptr<producer_handle>>(
      kafka->open_producer({.extra = {{"compression.type", "lz4"}}})));
  }
}

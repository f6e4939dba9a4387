#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include "event_pump.hpp"

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

owned_handle open(const std::map<std::string, std::string>& keys) {
  auto* conf = rd_kafka_conf_new();
  for (const auto& [key, value] : keys)
    REQUIRE(rd_kafka_conf_set(conf, key.c_str(), value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK);
  auto* native = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  REQUIRE(native != nullptr);
  return owned_handle{native};
}

} // namespace

TEST_SUITE("log_and_error_reader") {
  TEST_CASE("a broker's text is reported on one line, without the secrets of the handle") {
    const auto handle = open({{"sasl.username", "anna"}, {"sasl.password", "swordfish x\n"}});
    const log_and_error_reader reader{handle.get()};
    CHECK(reader.plain("no\nlogin of anna with swordfish x") == "no\\nlogin of anna with ***");
    CHECK(reader.plain("cannot write swordfish") == "cannot write ***");
    CHECK(reader.plain("form: p=swordfish%20x") == "form: p=***");
    CHECK(reader.plain("bad password:\r\n\t\"hunter2\"") == "bad password:\\r\\n\\t\"***\"");
  }

  TEST_CASE("a log line is reported on one line") {
    sender to{
      make_librdkafka_driver({.brokers = "127.0.0.1:1",
                              .extra = {{"debug", "conf"}, {"sasl.kerberos.service.name", "a\nb"}}})
        ->open_producer({})};
    std::string found;
    while (const auto logged = to.find<handle_logged>(2s)) {
      CHECK(logged->line.text.find('\n') == std::string::npos);
      if (logged->line.text.find("sasl.kerberos.service.name") != std::string::npos) {
        found = logged->line.text;
        break;
      }
    }
    CHECK(found.find("a\\nb") != std::string::npos);
  }
}

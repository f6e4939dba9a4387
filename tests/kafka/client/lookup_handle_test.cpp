#include <ottla/kafka/client/librdkafka/configuration.hpp>
#include <ottla/kafka/client/librdkafka/lookup_handle.hpp>

#include "event_pump.hpp"

#include <librdkafka/rdkafka.h>

#include <variant>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("lookup_handle") {
  TEST_CASE("no log lines wait in the handle, and its failures are dropped") {
    constexpr int patience_ms = 300;
    constexpr int brokers = 2;
    const auto opened
      = configure_lookups({.brokers = "127.0.0.1:1,127.0.0.1:2"}, quick("g"), "read_committed")
          .open(RD_KAFKA_CONSUMER);
    REQUIRE(std::holds_alternative<rd_kafka_t*>(opened));
    auto* native = std::get<rd_kafka_t*>(opened);
    const rd_kafka_metadata_t* told = nullptr;
    CHECK(rd_kafka_metadata(native, 0, nullptr, &told, patience_ms) != RD_KAFKA_RESP_ERR_NO_ERROR);
    // One failure of each broker, and no line.
    CHECK(rd_kafka_outq_len(native) <= brokers);
    drop_events(native);
    CHECK(rd_kafka_outq_len(native) == 0);
    rd_kafka_destroy(native);
  }
}

#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("error_codes") {
  TEST_CASE("librdkafka's error codes map to errc by how a program can react") {
    CHECK(to_error(RD_KAFKA_RESP_ERR__TRANSPORT).code == errc::unreachable);
    CHECK(to_error(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET).code == errc::offset_out_of_range);
    CHECK(to_error(RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION).code == errc::fenced);
    CHECK(to_error(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE).code == errc::record_too_large);
    CHECK(to_error(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED).code == errc::not_authorized);
    CHECK(to_error(RD_KAFKA_RESP_ERR_POLICY_VIOLATION).code == errc::other);
  }

  TEST_CASE(
    "an error is retriable if a retry may succeed, and not if the request itself is wrong") {
    CHECK(to_error(RD_KAFKA_RESP_ERR__TRANSPORT).retriable);
    CHECK(to_error(RD_KAFKA_RESP_ERR_NOT_COORDINATOR).retriable);
    CHECK(to_error(RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS).retriable);
    CHECK_FALSE(to_error(RD_KAFKA_RESP_ERR__AUTHENTICATION).retriable);
    CHECK_FALSE(to_error(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE).retriable);
    CHECK_FALSE(to_error(RD_KAFKA_RESP_ERR__BAD_MSG).retriable);
  }

  TEST_CASE("the failures of admin requests have codes of their own") {
    CHECK(to_error(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND).code == errc::unknown_group);
    CHECK(to_error(RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP).code == errc::group_not_empty);
    CHECK(to_error(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE).code == errc::not_supported);
    CHECK(to_error(RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION).code == errc::not_supported);
    CHECK_FALSE(to_error(RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP).retriable);
  }

  TEST_CASE("a broker's error has Kafka's name, also where librdkafka shortens it") {
    CHECK(to_error(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS).name == "TOPIC_ALREADY_EXISTS");
    CHECK(to_error(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, "text").name == "TOPIC_ALREADY_EXISTS");
    CHECK(to_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART).name == "UNKNOWN_TOPIC_OR_PARTITION");
    CHECK(to_error(RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION).name == "INVALID_TOPIC_EXCEPTION");
    CHECK(to_error(RD_KAFKA_RESP_ERR_UNKNOWN).name == "UNKNOWN_SERVER_ERROR");
  }

  TEST_CASE("an error of librdkafka itself has no name") {
    CHECK(to_error(RD_KAFKA_RESP_ERR__TIMED_OUT).name == "");
    CHECK(to_error(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION).name == "");
    CHECK(to_error(RD_KAFKA_RESP_ERR_NO_ERROR).name == "");
  }

  TEST_CASE("an error has the given text, or librdkafka's text of its code if no text is given") {
    CHECK(to_error(RD_KAFKA_RESP_ERR__TRANSPORT, "no route").text == "no route");
    CHECK(to_error(RD_KAFKA_RESP_ERR__TRANSPORT).text == "Local: Broker transport failure");
  }

  TEST_CASE(
    "to_error() of an error object is fatal if the code is fatal, and not for a code like _STATE") {
    CHECK_FALSE(to_error(rd_kafka_error_new(RD_KAFKA_RESP_ERR__STATE, "wrong state")).fatal);
    CHECK(to_error(rd_kafka_error_new(RD_KAFKA_RESP_ERR__FATAL, "it is over")).fatal);
  }
}

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

#include <ottla/kafka/internal/driver/librdkafka/version.hpp>

#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("version of librdkafka") {
  TEST_CASE("a version number is printed in the form of librdkafka's release names") {
    CHECK(capabilities_of(0x020002ff).version == "2.0.2");
    CHECK(capabilities_of(0x020d02ff).version == "2.13.2");
  }

  TEST_CASE("the linked version of librdkafka is accepted and printed as librdkafka prints it") {
    CHECK(capabilities().rejected == "");
    CHECK(std::string{rd_kafka_version_str()}.starts_with(capabilities().version));
  }

  TEST_CASE("versions with faults that have no workaround are rejected with the reason") {
    for (const auto version :
         {0x020002ff, 0x020100ff, 0x020405ff, 0x020503ff, 0x020901ff, 0x020a01ff, 0x020e00ff}) {
      CAPTURE(version);
      CHECK(capabilities_of(version).rejected == "");
    }
    CHECK(capabilities_of(0x010902ff).rejected
          == "librdkafka 1.9.2 is not supported: ottla needs 2.0.2 or newer");
    for (const auto version : {0x020500ff, 0x020501ff, 0x020502ff}) {
      CAPTURE(version);
      CHECK(capabilities_of(version).rejected.find("client metrics") != std::string::npos);
    }
    CHECK(capabilities_of(0x020a00ff).rejected.find("librdkafka #5088") != std::string::npos);
  }

  TEST_CASE("capabilities_of knows the features of each version") {
    CHECK(capabilities_of(0x020002ff).pauses_quiet_partitions);
    CHECK_FALSE(capabilities_of(0x020800ff).pauses_quiet_partitions);
    CHECK(capabilities_of(0x020d02ff).pauses_quiet_partitions);
    CHECK_FALSE(capabilities_of(0x020201ff).finds_lost_records);
    CHECK(capabilities_of(0x020300ff).finds_lost_records);
    CHECK_FALSE(capabilities_of(0x020400ff).client_metrics);
    CHECK(capabilities_of(0x020503ff).client_metrics);
    CHECK_FALSE(capabilities_of(0x020901ff).rebootstraps);
    CHECK(capabilities_of(0x020a01ff).rebootstraps);
    CHECK_FALSE(capabilities_of(0x020101ff).changes_single_configs);
    CHECK(capabilities_of(0x020200ff).changes_single_configs);
  }
}

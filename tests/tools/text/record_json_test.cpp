#include "text/record_json.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace command;
using namespace std::chrono;
namespace kafka = ottla::kafka;

namespace {

input_record good(const std::string& line) {
  auto parsed = parse_json_record(line);
  const auto* fault = std::get_if<std::string>(&parsed);
  REQUIRE_MESSAGE(fault == nullptr, *fault);
  return std::get<input_record>(std::move(parsed));
}

std::string fault_of(const std::string& line) {
  const auto parsed = parse_json_record(line);
  REQUIRE(std::holds_alternative<std::string>(parsed));
  return std::get<std::string>(parsed);
}

const kafka::topic_partition orders{"orders", 3};

} // namespace

TEST_SUITE("command: record_json") {
  TEST_CASE("a record is one line with its keys in a fixed order") {
    const record_view record{.offset = 7,
                             .key = "Ada",
                             .value = "a \"book\"\n",
                             .timestamp = system_clock::time_point{milliseconds{1'250}},
                             .headers = {{.name = "by", .value = "web"}}};
    CHECK(to_json_line(record, orders)
          == R"({"topic":"orders","partition":3,"offset":7,"timestamp":"1970-01-01T00:00:01.250Z",)"
             R"("key":"Ada","value":"a \"book\"\n","headers":[{"name":"by","value":"web"}]})");
  }

  TEST_CASE("null differs from empty") {
    CHECK(to_json_line({.value = ""}, orders)
          == R"({"topic":"orders","partition":3,"offset":0,"key":null,"value":""})");
    CHECK_FALSE(good(R"({"key":null})").record.key);
    CHECK(good(R"({"key":""})").record.key == "");
    CHECK_FALSE(good("{}").record.value);
  }

  TEST_CASE("bytes that are not UTF-8 are marked base64") {
    const std::string bytes{"\xff\x00", 2};
    const record_view record{
      .key = "k", .value = bytes, .headers = {{.name = "h", .value = bytes}}};
    const auto line = to_json_line(record, orders);
    CHECK(line.find(R"("value":"/wA=","value_encoding":"base64")") != std::string::npos);
    CHECK(line.find(R"({"name":"h","value":"/wA=","encoding":"base64"})") != std::string::npos);
    CHECK(line.find("key_encoding") == std::string::npos);
  }

  TEST_CASE("what is written can be read") {
    const std::string bytes{"\xff\x00", 2};
    const kafka::header null_header{.name = "none"};
    const record_view record{.offset = 7,
                             .key = bytes,
                             .value = "v",
                             .timestamp = system_clock::time_point{milliseconds{1'250}},
                             .headers = {{.name = "h", .value = bytes}, null_header}};
    const auto read = good(to_json_line(record, orders));
    CHECK(read.partition == 3);
    CHECK(read.record.key == bytes);
    CHECK(read.record.value == "v");
    CHECK(*read.record.timestamp == system_clock::time_point{milliseconds{1'250}});
    REQUIRE(read.record.headers.size() == 2);
    CHECK(read.record.headers[0].second == bytes);
    CHECK_FALSE(read.record.headers[1].second);
  }

  TEST_CASE("each timestamp that a message can have is written and read again") {
    for (const auto when :
         {system_clock::time_point{}, system_clock::time_point{sys_days{year{2250} / 7 / 4}},
          system_clock::time_point::max()}) {
      const auto read = good(to_json_line({.timestamp = when}, orders));
      CHECK(*read.record.timestamp == floor<milliseconds>(when));
    }
  }

  TEST_CASE("a timestamp outside the range is a fault that names the range") {
    for (const auto* text : {"1969-12-31T23:59:59.999Z", "2262-04-12T00:00:00.000Z", "yesterday",
                             "9999-01-01T00:00:00Z", "99999-01-01T00:00:00Z"})
      CHECK(fault_of(R"({"timestamp":")" + std::string{text} + "\"}")
              .ends_with("from 1970 to 2262-04-11T23:47:16.854Z"));
  }

  TEST_CASE("a fault names the key") {
    CHECK(fault_of("") == "is not valid JSON");
    CHECK(fault_of("{") == "is not valid JSON");
    CHECK(fault_of("{} {}") == "is not valid JSON");
    CHECK(fault_of("[]") == "is not a JSON object");
    CHECK(fault_of(R"({"vaule":"x"})") == "has the unknown key \"vaule\"");
    CHECK(fault_of(R"({"value":{"a":1}})").starts_with("has a \"value\" that is not a string"));
    CHECK(fault_of(R"({"value":"?","value_encoding":"base64"})")
          == "has a \"value\" that is not base64");
    CHECK(fault_of(R"({"value":"x","value_encoding":"hex"})")
          == "has a value of \"value_encoding\" other than \"base64\"");
    CHECK(fault_of(R"({"partition":-1})").starts_with("has a \"partition\""));
    CHECK(fault_of(R"({"partition":2147483648})").starts_with("has a \"partition\""));
    CHECK(fault_of(R"({"timestamp":12})").starts_with("has a \"timestamp\""));
    CHECK(fault_of(R"({"headers":{}})") == "has \"headers\" that are not an array");
    CHECK(fault_of(R"({"headers":[{"value":"x"}]})") == "has a header without a \"name\"");
  }

  TEST_CASE("deep nesting is rejected, and not parsed recursively") {
    const auto deep = "{\"value\":" + std::string(1'000'000, '[');
    CHECK(fault_of(deep) == "has more than 8 levels of nesting");
  }
}

#include <ottla/kafka/admin/topics.hpp>

// A consumer gets the records that a producer sent.
#include "event_pump.hpp"
#include "headers_and_times.hpp"

#include <cstdint>
#include <map>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

// Known values of org.apache.kafka.common.utils.Utils.murmur2.
const std::map<std::string, std::int32_t> java_hashes{
  {"21", -973932308},
  {"foobar", -790332482},
  {"a-little-bit-long-string", -985981536},
  {"a-little-bit-longer-string", -1486304829},
  {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
  {"abc", 479470107},
};

} // namespace

TEST_SUITE("round_trip" * doctest::timeout(120)) {
  TEST_CASE("keys, null values, empty values and headers arrive as they were sent") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    const auto before = std::chrono::system_clock::now() - 1s;
    std::vector<record> sent{
      {.key = "k", .value = "v", .headers = {{"trace", "1"}, {"trace", std::string{"\0b", 2}}}},
      {.key = std::nullopt, .value = ""},
      {.key = "", .value = std::nullopt},
      {.key = std::string{"\0", 1}, .value = std::string(100'000, 'x'), .headers = {{"none", ""}}},
    };
    store(*kafka, "t", sent);
    member reader{kafka->open_consumer(quick("g"))};
    const auto from = join(reader, "t");
    std::vector<std::shared_ptr<const batch_memory>> kept;
    std::vector<message> got;
    wake_counter wakes;
    from.at(0)->wake_on_message(wakes.hand_out());
    const auto until = steady::now() + 10s;
    while (got.size() < sent.size() && wakes.wait(until)) {
      const auto some = from[0]->take(10);
      kept.push_back(some.memory);
      got.insert(got.end(), some.messages.begin(), some.messages.end());
    }
    REQUIRE(got.size() == sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
      CHECK(got[i].offset() == static_cast<std::int64_t>(i));
      CHECK(got[i].has_key() == sent[i].key.has_value());
      CHECK(got[i].key() == sent[i].key.value_or(""));
      CHECK(got[i].has_value() == sent[i].value.has_value());
      CHECK(got[i].value() == sent[i].value.value_or(""));
      const auto headers = got[i].headers();
      REQUIRE(headers.size() == sent[i].headers.size());
      for (std::size_t n = 0; n < headers.size(); ++n) {
        CHECK(headers[n].name == sent[i].headers[n].first);
        CHECK(headers[n].value == sent[i].headers[n].second);
      }
      REQUIRE(got[i].timestamp().has_value());
      CHECK(*got[i].timestamp() >= before);
    }
  }

  TEST_CASE("null header values, names with NUL bytes and repeated names arrive as sent") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    check_headers_and_times(*kafka, "t", quick("g"));
  }

  TEST_CASE("a record with a timestamp before 1970 is rejected, and the other records are stored") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    sender to{kafka->open_producer({.linger = 0us})};
    std::vector<record> records{{.value = "a"}, {.value = "b"}};
    records[0].timestamp = std::chrono::system_clock::time_point{-1ms};
    REQUIRE(to->send(make_batch(1, "t", std::move(records)), 0) == 2);
    const auto report = to.expect<delivered>();
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0].index == 0);
    CHECK(report.failures[0].why.code == errc::bad_setting);
  }

  TEST_CASE("a topic name with a NUL byte is rejected, because its beginning names another topic") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    const std::string name{"t\0x", 3};
    sender to{kafka->open_producer({.linger = 0us})};
    REQUIRE(to->send(make_batch(1, name, numbered(1)), 0) == 1);
    CHECK(to.expect<delivered>().failures.at(0).why.code == errc::bad_setting);
    const cluster_settings asked{.brokers = cluster.brokers()};
    CHECK(delete_topic(asked, name, 5s).error().code == errc::bad_setting);
    CHECK(create_topic(asked, {.name = name}, 5s).error().code == errc::bad_setting);
    CHECK(list_topics(asked, 5s)->at(0).name == "t");
    CHECK_THROWS(embedded_cluster{{.topics = {{name, 1}}}});
  }

  TEST_CASE("a key's partition is the same as with Kafka's Java client") {
    constexpr int partitions = 7;
    embedded_cluster cluster{{.topics = {{"t", partitions}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    std::vector<record> sent;
    std::map<std::int32_t, std::size_t> expected;
    for (const auto& [key, hash] : java_hashes) {
      sent.push_back({.key = key, .value = key});
      ++expected[(hash & 0x7fffffff) % partitions];
    }
    store(*kafka, "t", sent, -1);
    member reader{kafka->open_consumer(quick("g"))};
    reader->subscribe(std::vector<std::string>{"t"});
    const auto offer = reader.expect<assigned>();
    const auto from = reader->assign(offer.answer, all_at(offer.partitions, 0));
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto here = offer.partitions[i].partition;
      for (const auto& key : read(*from[i], expected[here]))
        CHECK((java_hashes.at(key) & 0x7fffffff) % partitions == here);
      CHECK(from[i]->take(1).messages.empty());
    }
  }
}

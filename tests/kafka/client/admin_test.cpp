#include "event_pump.hpp"

using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("admin") {
  TEST_CASE("a cluster out of reach is told in one line, within the time given") {
    const auto kafka = make_librdkafka_client({.brokers = "127.0.0.1:1"});
    const auto began = steady::now();
    const auto listed = kafka->list_topics(300ms);
    REQUIRE(std::holds_alternative<error>(listed));
    const auto& why = std::get<error>(listed);
    CHECK(why.code == errc::unreachable);
    CHECK(why.retriable);
    CHECK(why.text.find("no broker of \"127.0.0.1:1\" answered within 300 ms") == 0);
    CHECK(why.text.find('\n') == std::string::npos);
    const auto refused = kafka->create_topic({.name = "t"}, 300ms);
    REQUIRE(refused.has_value());
    CHECK(refused->code == errc::unreachable);
    CHECK(steady::now() - began < 3s);
  }

  TEST_CASE("topics are listed by name, with their partitions") {
    embedded_cluster cluster{{.topics = {{"b", 3}, {"a", 1}}}};
    const auto listed = make_librdkafka_client({.brokers = cluster.brokers()})->list_topics(5s);
    REQUIRE(std::holds_alternative<std::vector<topic_info>>(listed));
    const auto& topics = std::get<std::vector<topic_info>>(listed);
    REQUIRE(topics.size() == 2);
    CHECK(topics[0].name == "a");
    CHECK(topics[1].partitions == 3);
  }

  TEST_CASE("a topic that cannot be described is refused") {
    embedded_cluster cluster{{}};
    const auto kafka = make_librdkafka_client({.brokers = cluster.brokers()});
    const auto refused = kafka->create_topic({.name = ""}, 5s);
    REQUIRE(refused.has_value());
    CHECK(refused->code == errc::bad_setting);
    const auto unnamed = kafka->delete_topic("", 5s);
    REQUIRE(unnamed.has_value());
    CHECK(unnamed->code == errc::bad_setting);
  }
}

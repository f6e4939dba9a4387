#include <ottla/kafka/admin/topic_info.hpp>

#include "event_pump.hpp"

#include <future>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using topics_or_error = std::variant<std::vector<topic_info>, error>;

topics_or_error describe(driver& of, std::vector<std::string> topics) {
  std::promise<topics_or_error> told;
  of.describe_topics(std::move(topics), [&](const auto& answer) { told.set_value(answer); });
  auto answer = told.get_future();
  REQUIRE(answer.wait_for(15s) == std::future_status::ready);
  return answer.get();
}

} // namespace

TEST_SUITE("admin" * doctest::timeout(120)) {
  TEST_CASE("an unreachable cluster is reported in one line within the timeout") {
    const auto kafka = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
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

  TEST_CASE("list_topics returns topics sorted by name, with their partition counts") {
    embedded_cluster cluster{{.topics = {{"b", 3}, {"a", 1}}}};
    const auto listed = make_librdkafka_driver({.brokers = cluster.brokers()})->list_topics(5s);
    REQUIRE(std::holds_alternative<std::vector<topic_info>>(listed));
    const auto& topics = std::get<std::vector<topic_info>>(listed);
    REQUIRE(topics.size() == 2);
    CHECK(topics[0].name == "a");
    CHECK(topics[1].partitions == 3);
  }

  TEST_CASE("describe_topics returns existing topics only and creates none") {
    embedded_cluster cluster{{.topics = {{"b", 3}, {"a", 1}, {"c", 2}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    const auto answer = describe(*kafka, {"c", "nowhere", "b"});
    REQUIRE(std::holds_alternative<std::vector<topic_info>>(answer));
    const auto& topics = std::get<std::vector<topic_info>>(answer);
    REQUIRE(topics.size() == 2);
    CHECK(topics[0].name == "b");
    CHECK(topics[0].partitions == 3);
    CHECK(topics[1].name == "c");
    CHECK(topics[1].partitions == 2);
    CHECK(std::get<0>(describe(*kafka, {})).empty());
    CHECK(std::get<0>(kafka->list_topics(5s)).size() == 3);
    const auto alone = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
    CHECK(std::get<error>(describe(*alone, {"a"})).code == errc::unreachable);
  }

  TEST_CASE("an invalid topic name is rejected without asking a broker") {
    const auto kafka = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
    for (const auto& name :
         {std::string{}, std::string{"a b"}, std::string{"a\nb"}, std::string{"a\0b", 3},
          std::string{".."}, std::string(250, 'a'), std::string(100'000, 'a')}) {
      CAPTURE(name);
      const auto began = steady::now();
      for (const auto& refused :
           {kafka->create_topic({.name = name}, 5s), kafka->delete_topic(name, 5s)}) {
        REQUIRE(refused.has_value());
        CHECK(refused->code == errc::bad_setting);
        CHECK(refused->text.find("topic") != std::string::npos);
        CHECK(refused->text.find('\n') == std::string::npos);
        CHECK(refused->text.size() < 500);
      }
      CHECK(steady::now() - began < 2s);
    }
  }

  TEST_CASE("creating or deleting a topic with an empty name is rejected") {
    embedded_cluster cluster{{}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    const auto refused = kafka->create_topic({.name = ""}, 5s);
    REQUIRE(refused.has_value());
    CHECK(refused->code == errc::bad_setting);
    const auto unnamed = kafka->delete_topic("", 5s);
    REQUIRE(unnamed.has_value());
    CHECK(unnamed->code == errc::bad_setting);
  }
}

#include <ottla/kafka/admin/cluster.hpp>
#include <ottla/kafka/admin/configs.hpp>
#include <ottla/kafka/admin/groups.hpp>
#include <ottla/kafka/admin/records.hpp>
#include <ottla/kafka/admin/topics.hpp>

#include "event_pump.hpp"
#include "support/administer.hpp"

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

/// The error of each request that the embedded cluster does not support.
std::vector<error> errors_of_all_changes(const cluster_settings& at,
                                         std::chrono::milliseconds within) {
  return {create_topic(at, {.name = "new"}, within).error(),
          create_topics(at, {{.name = "new"}, {.name = "newer"}}, within).error(),
          delete_topic(at, "t", within).error(),
          add_partitions(at, "t", 9, within).error(),
          describe_configs(at, topic_configs{"t"}, within).error(),
          describe_configs(at, broker_configs{1}, within).error(),
          alter_configs(at, topic_configs{"t"}, {{"retention.ms", "1"}}, within).error(),
          delete_records(at, {{.where = {"t", 0}}}, within).error(),
          list_groups(at, within).error(),
          describe_groups(at, {"g"}, within).error(),
          fetch_committed_offsets(at, "g", within).error(),
          fetch_lag(at, "g", within).error(),
          reset_offsets(at, {.group = "g"}, within).error(),
          delete_groups(at, {"g"}, within).error()};
}

} // namespace

TEST_SUITE("admin" * doctest::timeout(120)) {
  TEST_CASE("an unreachable cluster is reported in one line within the timeout") {
    const cluster_settings nobody{.brokers = "127.0.0.1:1"};
    const auto began = steady::now();
    const auto listed = list_topics(nobody, 300ms);
    REQUIRE_FALSE(listed);
    const auto& why = listed.error();
    CHECK(why.code == errc::unreachable);
    CHECK(why.retriable);
    CHECK(why.name == "");
    CHECK(why.text.find("no broker of \"127.0.0.1:1\" answered within 300 ms") == 0);
    CHECK(why.text.find('\n') == std::string::npos);
    CHECK(steady::now() - began < 3s);
  }

  TEST_CASE("every request of an unreachable cluster fails as unreachable within the timeout") {
    const auto began = steady::now();
    for (const auto& why : errors_of_all_changes({.brokers = "127.0.0.1:1"}, 100ms))
      CHECK(why.code == errc::unreachable);
    CHECK(describe_cluster({.brokers = "127.0.0.1:1"}, 100ms).error().code == errc::unreachable);
    CHECK(steady::now() - began < 15s);
  }

  TEST_CASE("the embedded cluster rejects all requests that it does not support at once") {
    for (const auto where :
         {embedded_cluster::place::this_process, embedded_cluster::place::own_process}) {
      embedded_cluster cluster{{.where = where, .topics = {{"t", 1}}}};
      const auto began = steady::now();
      for (const auto& why : errors_of_all_changes({.brokers = cluster.brokers()}, 60s)) {
        CAPTURE(why.text);
        CHECK(why.code == errc::not_supported);
        CHECK_FALSE(why.retriable);
        CHECK(why.text.ends_with(" is not supported by the embedded cluster"));
      }
      CHECK(steady::now() - began < 15s);
    }
  }

  TEST_CASE("the embedded cluster supports the requests that need only metadata") {
    embedded_cluster cluster{{.brokers = 2, .topics = {{"b", 3}, {"a", 1}}}};
    const cluster_settings at{.brokers = cluster.brokers()};
    const auto listed = list_topics(at, 10s);
    REQUIRE(listed);
    REQUIRE(listed->size() == 2);
    CHECK(listed->at(0).name == "a");
    CHECK(listed->at(1).partitions == 3);
    CHECK(*topic_exists(at, "b", 10s));
    CHECK_FALSE(*topic_exists(at, "c", 10s));
    CHECK(*count_partitions(at, "b", 10s) == 3);
    CHECK(count_partitions(at, "c", 10s).error().code == errc::unknown_topic);
    const auto described = describe_topics(at, {"c", "b"}, 10s);
    REQUIRE(described);
    REQUIRE(described->size() == 2);
    CHECK(described->at(0).failed->code == errc::unknown_topic);
    CHECK(described->at(0).failed->name == "UNKNOWN_TOPIC_OR_PARTITION");
    const auto& b = described->at(1);
    CHECK_FALSE(b.failed.has_value());
    CHECK(b.configs_failed->code == errc::not_supported);
    REQUIRE(b.partitions.size() == 3);
    CHECK(b.partitions[2].partition == 2);
    CHECK(b.partitions[2].leader > 0);
    CHECK(b.partitions[2].replicas.size() == 2);
    CHECK(b.partitions[2].in_sync.size() == 2);
    const auto seen = describe_cluster(at, 10s);
    REQUIRE(seen);
    CHECK(seen->brokers.size() == 2);
    CHECK(seen->brokers[0].id == 1);
    CHECK(seen->brokers[0].host == "127.0.0.1");
    CHECK(seen->brokers[0].port != 0);
    // No request above has created a topic.
    CHECK(list_topics(at, 10s)->size() == 2);
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
    CHECK(list_topics({.brokers = cluster.brokers()}, 5s)->size() == 3);
    const auto alone = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
    CHECK(std::get<error>(describe(*alone, {"a"})).code == errc::unreachable);
  }

  TEST_CASE("an invalid topic name is rejected without asking a broker") {
    const cluster_settings nobody{.brokers = "127.0.0.1:1"};
    for (const auto& name :
         {std::string{}, std::string{"a b"}, std::string{"a\nb"}, std::string{"a\0b", 3},
          std::string{".."}, std::string(250, 'a'), std::string(100'000, 'a')}) {
      CAPTURE(name);
      const auto began = steady::now();
      for (const auto& why : {create_topic(nobody, {.name = name}, 5s).error(),
                              delete_topic(nobody, name, 5s).error()}) {
        CHECK(why.code == errc::bad_setting);
        CHECK(why.text.find("topic") != std::string::npos);
        CHECK(why.text.find('\n') == std::string::npos);
        CHECK(why.text.size() < 500);
      }
      CHECK(steady::now() - began < 2s);
    }
  }

  TEST_CASE("bad settings of the cluster are reported, not thrown") {
    const auto listed
      = list_topics({.brokers = "127.0.0.1:1", .extra = {{"socket.timeout.mss", "1"}}}, 5s);
    REQUIRE_FALSE(listed);
    CHECK(listed.error().code == errc::bad_setting);
    CHECK(listed.error().text.find("socket.timeout.ms") != std::string::npos);
  }

  TEST_CASE("requests over one driver are carried out in order with one handle") {
    embedded_cluster cluster{{.topics = {{"t", 2}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    std::promise<std::string> done;
    std::string order;
    for (const char name : {'a', 'b', 'c'})
      kafka->administer(10s, {}, [&order, &done, name](admin_session& over) {
        order += over.read_cluster() ? name : '-';
        if (name == 'c')
          done.set_value(order);
      });
    auto told = done.get_future();
    REQUIRE(told.wait_for(15s) == std::future_status::ready);
    CHECK(told.get() == "abc");
  }

  TEST_CASE("a stop request drops a waiting request and ends a pending one early") {
    const auto kafka = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
    std::stop_source first;
    std::stop_source second;
    std::promise<error> ended;
    const auto dropped = std::make_shared<int>(0);
    std::promise<void> begun;
    kafka->administer(60s, first.get_token(), [&](admin_session& over) {
      begun.set_value();
      ended.set_value(over.read_cluster().error());
    });
    kafka->administer(60s, second.get_token(), [dropped](admin_session&) { ++*dropped; });
    begun.get_future().wait();
    const auto began = steady::now();
    second.request_stop();
    first.request_stop();
    auto told = ended.get_future();
    REQUIRE(told.wait_for(15s) == std::future_status::ready);
    CHECK(told.get().code == errc::closed);
    CHECK(steady::now() - began < 10s);
    // The request after the dropped one shows that the dropped one never ran.
    CHECK(administer(*kafka, list_topics_request{.within = 50ms}).error().code
          == errc::unreachable);
    CHECK(*dropped == 0);
  }

  TEST_CASE("the end of a driver does not wait for its admin requests") {
    auto kafka = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
    std::promise<void> begun;
    kafka->administer(60s, {}, [&](admin_session& over) {
      begun.set_value();
      static_cast<void>(over.read_cluster());
    });
    begun.get_future().wait();
    const auto began = steady::now();
    kafka.reset();
    CHECK(steady::now() - began < 1s);
    CHECK(await_reaped(15s) == 0);
    CHECK(steady::now() - began < 10s);
  }
}

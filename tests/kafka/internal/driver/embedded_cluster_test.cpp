#include <ottla/kafka/cluster_settings.hpp>

#include "event_pump.hpp"

#include <stdexcept>
#include <string>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

using request = embedded_cluster::request;

TEST_SUITE("embedded_cluster" * doctest::timeout(120)) {
  TEST_CASE("fail_next fails requests of the given kind at the given broker only") {
    embedded_cluster cluster{{.brokers = 2, .topics = {{"t", 1}}}};
    cluster.move_leader("t", 0, 1);
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    member who{kafka->open_consumer(quick("g"))};
    const auto end = [&] {
      who->look_up_ends(std::vector<topic_partition>{{"t", 0}});
      return who.expect<ends_known>().ends.at(0);
    };
    CHECK(end().offset == 0);
    constexpr std::int16_t topic_authorization_failed = 29;
    // A look-up sends two requests.
    cluster.fail_next(request::list_offsets,
                      {topic_authorization_failed, topic_authorization_failed});
    cluster.fail_next(request::list_offsets, {topic_authorization_failed}, 2);
    CHECK(cluster.failures_left(request::list_offsets) == 2);
    CHECK(cluster.failures_left(request::list_offsets, 2) == 1);
    CHECK(cluster.failures_left(request::fetch) == 0);
    CHECK(cluster.failures_left(request::fetch, 77) == 0);
    CHECK(end().failed.value().code == errc::not_authorized);
    CHECK(cluster.failures_left(request::list_offsets) < 2);
    CHECK(cluster.failures_left(request::list_offsets, 2) == 1);
  }

  TEST_CASE("an embedded_cluster rejects invalid names of topics and groups") {
    using cluster_settings = embedded_cluster::settings;
    for (const auto& name : {std::string{}, std::string{"a b"}, std::string{"a\nb"},
                             std::string{"a\0b", 3}, std::string(250, 'a')}) {
      CAPTURE(name);
      CHECK_THROWS_AS(embedded_cluster(cluster_settings{.topics = {{name, 1}}}),
                      std::runtime_error);
      embedded_cluster cluster{{.topics = {{"t", 1}}}};
      CHECK_THROWS_AS(cluster.move_leader(name, 0, 1), std::runtime_error);
    }
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    for (const auto& group : {std::string{}, std::string{"a\nb"}, std::string{"a\0b", 3}})
      CHECK_THROWS_AS(cluster.move_coordinator(group, 1), std::runtime_error);
  }

  TEST_CASE("move_leader makes clients query the partition's new leader") {
    embedded_cluster cluster{{.brokers = 2, .topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    store(*kafka, "t", numbered(5));
    for (const int leader : {1, 2}) {
      cluster.move_leader("t", 0, leader);
      cluster.take_broker_down(3 - leader);
      member who{kafka->open_consumer(quick("g"))};
      who->look_up_ends(std::vector<topic_partition>{{"t", 0}});
      CHECK(who.expect<ends_known>().ends.at(0).offset == 5);
      cluster.bring_broker_up(3 - leader);
    }
  }
}

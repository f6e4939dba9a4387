#include <ottla/kafka/internal/admin/carry_out.hpp>

#include "support/fake_admin.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

const error denied{.code = errc::not_authorized, .name = "TOPIC_AUTHORIZATION_FAILED"};

fake_admin with_topics() {
  fake_admin cluster;
  cluster.view.cluster = {.id = "c", .controller = 1, .brokers = {{1, "h", 9092}}};
  cluster.view.topics = {{.name = "a", .partitions = {{.partition = 0, .leader = 1}}},
                         {.name = "b", .failed = denied},
                         {.name = "c", .partitions = {{.partition = 0}, {.partition = 1}}}};
  cluster.configs["topic \"a\""] = {{.name = "k", .value = "v"}};
  cluster.ids = {{"a", "id-of-a"}};
  return cluster;
}

} // namespace

TEST_SUITE("topic_work") {
  TEST_CASE("list_topics counts the partitions of each topic") {
    auto cluster = with_topics();
    const auto topics = carry_out(cluster, list_topics_request{});
    REQUIRE(topics);
    REQUIRE(topics->size() == 3);
    CHECK(topics->at(0).name == "a");
    CHECK(topics->at(0).partitions == 1);
    CHECK(topics->at(2).partitions == 2);
  }

  TEST_CASE("describe_topics describes each topic, or fails for it alone") {
    auto cluster = with_topics();
    const auto topics
      = carry_out(cluster, describe_topics_request{.topics = {"c", "no", "b", "a"}});
    REQUIRE(topics);
    REQUIRE(topics->size() == 4);
    CHECK(topics->at(0).partitions.size() == 2);
    CHECK(topics->at(0).id == "");
    CHECK(topics->at(0).configs.empty());
    CHECK_FALSE(topics->at(0).configs_failed.has_value());
    CHECK(topics->at(1).name == "no");
    CHECK(topics->at(1).failed->code == errc::unknown_topic);
    CHECK(topics->at(1).failed->text == "topic \"no\" does not exist");
    CHECK(topics->at(2).failed->name == "TOPIC_AUTHORIZATION_FAILED");
    CHECK(topics->at(3).id == "id-of-a");
    REQUIRE(topics->at(3).configs.size() == 1);
    CHECK(topics->at(3).configs[0].value == "v");
  }

  TEST_CASE("topics are described even if their configs cannot be read") {
    auto cluster = with_topics();
    cluster.unsupported = error{.code = errc::not_supported};
    const auto topics = carry_out(cluster, describe_topics_request{.topics = {"a", "no"}});
    REQUIRE(topics);
    CHECK_FALSE(topics->at(0).failed.has_value());
    CHECK(topics->at(0).partitions.size() == 1);
    CHECK(topics->at(0).configs_failed->code == errc::not_supported);
    CHECK_FALSE(topics->at(1).configs_failed.has_value());
  }

  TEST_CASE("a topic that the client may not see exists") {
    auto cluster = with_topics();
    CHECK(*carry_out(cluster, topic_exists_request{.topic = "a"}));
    CHECK(*carry_out(cluster, topic_exists_request{.topic = "b"}));
    CHECK_FALSE(*carry_out(cluster, topic_exists_request{.topic = "no"}));
    cluster.view.topics[1].failed = error{.code = errc::unknown_topic};
    CHECK_FALSE(*carry_out(cluster, topic_exists_request{.topic = "b"}));
  }

  TEST_CASE("count_partitions fails for a topic that is unknown or hidden") {
    auto cluster = with_topics();
    CHECK(*carry_out(cluster, count_partitions_request{.topic = "c"}) == 2);
    CHECK(carry_out(cluster, count_partitions_request{.topic = "b"}).error().name
          == "TOPIC_AUTHORIZATION_FAILED");
    CHECK(carry_out(cluster, count_partitions_request{.topic = "no"}).error().code
          == errc::unknown_topic);
  }

  TEST_CASE("an empty list is answered without asking a broker") {
    auto cluster = with_topics();
    cluster.down = error{.code = errc::unreachable};
    CHECK(carry_out(cluster, describe_topics_request{})->empty());
    CHECK(carry_out(cluster, create_topics_request{})->empty());
    CHECK(carry_out(cluster, delete_topics_request{})->empty());
    CHECK(carry_out(cluster, delete_records_request{})->empty());
    CHECK(carry_out(cluster, alter_configs_request{}));
    CHECK(cluster.asked.empty());
  }

  TEST_CASE("each request of an unreachable cluster fails") {
    auto cluster = with_topics();
    cluster.down = error{.code = errc::unreachable};
    CHECK(carry_out(cluster, list_topics_request{}).error().code == errc::unreachable);
    CHECK(carry_out(cluster, describe_topics_request{.topics = {"a"}}).error().code
          == errc::unreachable);
    CHECK(carry_out(cluster, topic_exists_request{.topic = "a"}).error().code == errc::unreachable);
    CHECK(carry_out(cluster, count_partitions_request{.topic = "a"}).error().code
          == errc::unreachable);
    CHECK(carry_out(cluster, describe_cluster_request{}).error().code == errc::unreachable);
    CHECK(carry_out(cluster, describe_configs_request{.owner = topic_configs{"a"}}).error().code
          == errc::unreachable);
  }

  TEST_CASE("the configs of a broker that is not up are rejected at once") {
    auto cluster = with_topics();
    const auto described = carry_out(cluster, describe_configs_request{.owner = broker_configs{7}});
    REQUIRE_FALSE(described);
    CHECK(described.error().code == errc::bad_setting);
    CHECK(described.error().text == "no broker with the id 7 is up");
    const auto altered = carry_out(
      cluster, alter_configs_request{.owner = broker_configs{7}, .changes = {{"k", "v"}}});
    REQUIRE_FALSE(altered);
    CHECK(altered.error().code == errc::bad_setting);
    CHECK(carry_out(cluster, describe_configs_request{.owner = broker_configs{1}}));
    CHECK(cluster.asked
          == std::vector<std::string>{"read cluster", "read cluster", "read cluster",
                                      "describe configs"});
  }

  TEST_CASE("the other requests are passed to the seam") {
    auto cluster = with_topics();
    CHECK(carry_out(cluster, create_topics_request{.topics = {{.name = "d"}}})->size() == 1);
    CHECK(carry_out(cluster, delete_topics_request{.topics = {"d"}})->size() == 1);
    CHECK(carry_out(cluster, add_partitions_request{.topic = "a", .partitions = 2}));
    CHECK(carry_out(cluster,
                    alter_configs_request{.owner = topic_configs{"a"}, .changes = {{"k", "w"}}}));
    CHECK(carry_out(cluster, delete_records_request{.records = {{{"a", 0}, 3}}})->at(0).log_begin
          == 3);
    CHECK(carry_out(cluster, describe_cluster_request{})->brokers.at(0).host == "h");
    CHECK(cluster.asked
          == std::vector<std::string>{"create d", "delete d", "add partitions a 2",
                                      "alter configs of topic \"a\"", "delete records",
                                      "read cluster"});
  }
}

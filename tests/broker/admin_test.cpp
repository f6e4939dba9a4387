// Admin requests against Apache Kafka: each function, and each error that its header names.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/admin/admin_requests.hpp>
#include <ottla/kafka/admin/cluster.hpp>
#include <ottla/kafka/admin/configs.hpp>
#include <ottla/kafka/admin/groups.hpp>
#include <ottla/kafka/admin/records.hpp>
#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/capabilities.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/supervision/application.hpp>

#include "broker/broker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr auto soon = 30s;

cluster_settings here() {
  return {.brokers = brokers()};
}

/// Brokers tell of a change some time after they made it. Each round asks a broker.
bool eventually(const std::function<bool()>& holds) {
  const auto until = steady::now() + soon;
  while (steady::now() < until)
    if (holds())
      return true;
  return false;
}

template <class T>
T good(result<T> what) {
  REQUIRE_MESSAGE(what, (what ? "" : to_string(what.error())));
  return *std::move(what);
}

const config_entry& entry(const std::vector<config_entry>& in, const std::string& name) {
  const auto found = std::ranges::find(in, name, &config_entry::name);
  REQUIRE(found != in.end());
  return *found;
}

std::string value_of(const std::string& topic, const std::string& config) {
  return entry(good(describe_configs(here(), topic_configs{topic}, soon)), config)
    .value.value_or("none");
}

/// A topic of two partitions with 10 records in each, and a group without members.
struct group_of_records {
  const std::string topic = fresh_topic("admin", 2);
  const std::string group = fresh_name("admin");
  const topic_partition zero{topic, 0};
  const topic_partition one{topic, 1};

  group_of_records() { store_numbered(topic, 2, 10); }

  std::vector<partition_reset> reset(const reset_point& to) const {
    return good(reset_offsets(here(), {.group = group, .to = to, .topics = {topic}}, soon));
  }

  std::vector<std::int64_t> committed() const {
    std::vector<std::int64_t> offsets;
    for (const auto& each : good(fetch_committed_offsets(here(), group, soon)))
      offsets.push_back(each.offset);
    return offsets;
  }

  group_description described() const {
    return good(describe_groups(here(), {group}, soon)).front();
  }
};

using offsets = std::vector<std::int64_t>;

} // namespace

TEST_SUITE("admin on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE("a topic is created with partitions and configs, described, and deleted") {
    const auto name = fresh_name("admin");
    REQUIRE(create_topic(here(),
                         {.name = name,
                          .partitions = 3,
                          .configs = {{"cleanup.policy", "compact"}, {"retention.ms", "12345"}}},
                         soon));
    REQUIRE(eventually([&] { return *topic_exists(here(), name, soon); }));
    CHECK(good(count_partitions(here(), name, soon)) == 3);
    const auto listed = good(list_topics(here(), soon));
    CHECK(std::ranges::is_sorted(listed, {}, &topic_info::name));
    const auto found = std::ranges::find(listed, name, &topic_info::name);
    REQUIRE(found != listed.end());
    CHECK(found->partitions == 3);

    const auto described = good(describe_topics(here(), {name}, soon)).front();
    CHECK_FALSE(described.failed.has_value());
    CHECK_FALSE(described.configs_failed.has_value());
    REQUIRE(described.partitions.size() == 3);
    for (const auto& each : described.partitions) {
      CHECK(each.leader >= 0);
      CHECK(each.replicas == std::vector{each.leader});
      CHECK(each.in_sync == each.replicas);
    }
    // Topic ids and checks of lost records came with the same version.
    CHECK(described.id.empty() != capabilities().finds_lost_records);
    const auto& policy = entry(described.configs, "cleanup.policy");
    CHECK(policy.value == "compact");
    CHECK(policy.source == config_source::topic);
    CHECK(entry(described.configs, "retention.ms").value == "12345");
    CHECK(entry(described.configs, "max.message.bytes").source == config_source::built_in);

    REQUIRE(delete_topic(here(), name, soon));
    CHECK(eventually([&] { return !*topic_exists(here(), name, soon); }));
    CHECK(count_partitions(here(), name, soon).error().code == errc::unknown_topic);
  }

  TEST_CASE("-1 gives a topic the broker's number of partitions and replicas") {
    const auto name = fresh_name("admin");
    REQUIRE(create_topic(here(), {.name = name, .partitions = -1, .replicas = -1}, soon));
    CHECK(eventually([&] { return count_partitions(here(), name, soon).has_value(); }));
    CHECK(delete_topic(here(), name, soon));
  }

  TEST_CASE("a failed request about topics names Kafka's error") {
    const auto name = fresh_topic("admin", 1);
    const auto again = create_topic(here(), {.name = name}, soon);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == errc::topic_exists);
    CHECK(again.error().name == "TOPIC_ALREADY_EXISTS");

    const auto config = create_topic(
      here(), {.name = fresh_name("admin"), .configs = {{"no.such.config", "1"}}}, soon);
    REQUIRE_FALSE(config);
    CHECK(config.error().code == errc::bad_setting);
    CHECK(config.error().name == "INVALID_CONFIG");

    const auto copies = create_topic(here(), {.name = fresh_name("admin"), .replicas = 100}, soon);
    REQUIRE_FALSE(copies);
    CHECK(copies.error().code == errc::bad_setting);
    CHECK(copies.error().name == "INVALID_REPLICATION_FACTOR");

    const auto missing = delete_topic(here(), fresh_name("none"), soon);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == errc::unknown_topic);
    CHECK(missing.error().name == "UNKNOWN_TOPIC_OR_PARTITION");
    CHECK(delete_topic(here(), name, soon));
  }

  TEST_CASE("a request for several topics has an outcome for each, in the order of the request") {
    const auto old = fresh_topic("admin", 1);
    const auto fresh = fresh_name("admin");
    const auto made = good(create_topics(
      here(), {{.name = fresh}, {.name = old}, {.name = fresh + "-x", .replicas = 100}}, soon));
    REQUIRE(made.size() == 3);
    CHECK(made[0].topic == fresh);
    CHECK_FALSE(made[0].failed.has_value());
    CHECK(made[1].topic == old);
    CHECK(made[1].failed->code == errc::topic_exists);
    CHECK(made[2].failed->name == "INVALID_REPLICATION_FACTOR");
    const auto none = fresh_name("none");
    const auto described = good(describe_topics(here(), {old, none}, soon));
    CHECK(described[0].partitions.size() == 1);
    CHECK(described[1].failed->code == errc::unknown_topic);
    const auto gone = good(delete_topics(here(), {none, fresh, old}, soon));
    REQUIRE(gone.size() == 3);
    CHECK(gone[0].topic == none);
    CHECK(gone[0].failed->code == errc::unknown_topic);
    CHECK_FALSE(gone[1].failed.has_value());
    CHECK_FALSE(gone[2].failed.has_value());
  }

  TEST_CASE("partitions can be added and never removed") {
    const auto name = fresh_topic("admin", 2);
    REQUIRE(add_partitions(here(), name, 4, soon));
    CHECK(eventually([&] { return good(count_partitions(here(), name, soon)) == 4; }));
    for (const auto total : {4, 3}) {
      const auto refused = add_partitions(here(), name, total, soon);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().code == errc::bad_setting);
      CHECK(refused.error().name == "INVALID_PARTITIONS");
    }
    const auto missing = add_partitions(here(), fresh_name("none"), 4, soon);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == errc::unknown_topic);
    CHECK(delete_topic(here(), name, soon));
  }

  TEST_CASE("alter_configs changes some configs of a topic and keeps the others") {
    const auto name = fresh_topic("admin", 1);
    // A broker may not know the new topic yet.
    REQUIRE(
      eventually([&] { return describe_configs(here(), topic_configs{name}, soon).has_value(); }));
    REQUIRE(alter_configs(here(), topic_configs{name},
                          {{"retention.ms", "60000"}, {"segment.bytes", "2097152"}}, soon));
    CHECK(eventually([&] { return value_of(name, "retention.ms") == "60000"; }));
    REQUIRE(alter_configs(here(), topic_configs{name},
                          {{"retention.ms", "70000"}, {"cleanup.policy", "compact,delete"}}, soon));
    CHECK(eventually([&] { return value_of(name, "retention.ms") == "70000"; }));
    CHECK(value_of(name, "segment.bytes") == "2097152");
    CHECK(value_of(name, "cleanup.policy") == "compact,delete");
    REQUIRE(alter_configs(here(), topic_configs{name}, {{.name = "retention.ms"}}, soon));
    CHECK(eventually([&] { return value_of(name, "retention.ms") != "70000"; }));
    CHECK(value_of(name, "segment.bytes") == "2097152");
    const auto refused = alter_configs(
      here(), topic_configs{name}, {{"segment.bytes", "4194304"}, {"retention.ms", "often"}}, soon);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::bad_setting);
    CHECK(refused.error().name == "INVALID_CONFIG");
    CHECK(value_of(name, "segment.bytes") == "2097152");
    CHECK(alter_configs(here(), topic_configs{name}, {{"no.such.config", "1"}}, soon).error().code
          == errc::bad_setting);
    CHECK(delete_topic(here(), name, soon));
    const auto missing = describe_configs(here(), topic_configs{fresh_name("none")}, soon);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == errc::unknown_topic);
  }

  TEST_CASE("configs of a broker can be changed, and secret values are never told") {
    const broker_configs broker{good(describe_cluster(here(), soon)).brokers.front().id};
    const auto before = good(describe_configs(here(), broker, soon));
    CHECK(std::ranges::is_sorted(before, {}, &config_entry::name));
    const auto& password = entry(before, "ssl.keystore.password");
    CHECK(password.is_sensitive);
    CHECK_FALSE(password.value.has_value());
    CHECK(entry(before, "process.roles").is_read_only);
    CHECK(entry(before, "process.roles").source == config_source::broker_properties);
    const auto cleaner = [&] {
      return entry(good(describe_configs(here(), broker, soon)), "log.cleaner.backoff.ms");
    };
    const auto old = cleaner().value;
    REQUIRE(alter_configs(here(), broker, {{"log.cleaner.backoff.ms", "14000"}}, soon));
    CHECK(eventually([&] { return cleaner().value == "14000"; }));
    CHECK(cleaner().source == config_source::broker);
    REQUIRE(alter_configs(here(), broker, {{.name = "log.cleaner.backoff.ms"}}, soon));
    CHECK(eventually([&] { return cleaner().value == old; }));
    CHECK(describe_configs(here(), broker_configs{4'711}, soon).error().code == errc::bad_setting);
  }

  TEST_CASE("delete_records moves the beginning of a log") {
    const group_of_records with;
    const auto done = good(delete_records(
      here(), {{with.zero, 4}, {{with.topic, 9}, 1}, {{fresh_name("none"), 0}, 1}, {with.one, {}}},
      soon));
    REQUIRE(done.size() == 4);
    CHECK_FALSE(done[0].failed.has_value());
    CHECK(done[0].log_begin == 4);
    CHECK(done[1].failed->code == errc::unknown_topic);
    CHECK(done[2].failed->code == errc::unknown_topic);
    CHECK(done[2].failed->name == "UNKNOWN_TOPIC_OR_PARTITION");
    CHECK(done[3].log_begin == 10);
    const auto beyond = good(delete_records(here(), {{with.zero, 11}}, soon));
    CHECK(beyond[0].failed->code == errc::offset_out_of_range);
    CHECK(beyond[0].failed->name == "OFFSET_OUT_OF_RANGE");
    CHECK(beyond[0].log_begin == -1);
    CHECK(with.reset(earliest{}).at(0).after == 4);
    REQUIRE(
      alter_configs(here(), topic_configs{with.topic}, {{"cleanup.policy", "compact"}}, soon));
    CHECK(eventually([&] {
      const auto kept = good(delete_records(here(), {{with.zero, 5}}, soon));
      return kept[0].failed && kept[0].failed->name == "POLICY_VIOLATION";
    }));
    CHECK(delete_topic(here(), with.topic, soon));
  }

  TEST_CASE("the committed offsets of a group without members are reset to each kind of point") {
    const group_of_records with;
    CHECK(with.committed().empty());
    CHECK(with.described().failed->code == errc::unknown_group);
    CHECK(with.described().failed->name == "GROUP_ID_NOT_FOUND");
    CHECK(good(fetch_lag(here(), with.group, soon)).empty());

    const auto first = with.reset(at_offset{3});
    REQUIRE(first.size() == 2);
    CHECK(first[1].where == with.one);
    CHECK_FALSE(first[0].before.has_value());
    CHECK(first[0].after == 3);
    CHECK(with.committed() == offsets{3, 3});
    CHECK(with.reset(shift_by{2}).at(0).before == 3);
    CHECK(with.committed() == offsets{5, 5});
    with.reset(shift_by{-100});
    CHECK(with.committed() == offsets{0, 0});
    with.reset(shift_by{100});
    CHECK(with.committed() == offsets{10, 10});
    with.reset(at_offset{1'000});
    CHECK(with.committed() == offsets{10, 10});
    with.reset(earliest{});
    CHECK(with.committed() == offsets{0, 0});
    with.reset(latest{});
    CHECK(with.committed() == offsets{10, 10});
    with.reset(since{std::chrono::system_clock::now() - 1h});
    CHECK(with.committed() == offsets{0, 0});
    with.reset(since{std::chrono::system_clock::now() + 1h});
    CHECK(with.committed() == offsets{10, 10});
    REQUIRE(reset_offsets(
      here(), {.group = with.group, .to = at_offset{4}, .partitions = {with.one}}, soon));
    CHECK(with.committed() == offsets{10, 4});
    REQUIRE(reset_offsets(here(), {.group = with.group, .to = shift_by{-1}}, soon));
    CHECK(with.committed() == offsets{9, 3});

    const auto missing = good(reset_offsets(
      here(),
      {.group = with.group, .topics = {fresh_name("none")}, .partitions = {{with.topic, 7}}},
      soon));
    REQUIRE(missing.size() == 2);
    for (const auto& each : missing)
      CHECK(each.failed->code == errc::unknown_topic);

    CHECK(with.described().state == consumer_group_state::empty);
    CHECK(with.described().members.empty());
    const auto lag = good(fetch_lag(here(), with.group, soon));
    REQUIRE(lag.size() == 2);
    CHECK(lag[0].lag == 1);
    CHECK(lag[1].lag == 7);
    CHECK(lag[1].begin == 0);
    CHECK(lag[1].end == 10);
    CHECK(lag[1].committed == 3);
    const auto gone = good(delete_groups(here(), {fresh_name("none"), with.group}, soon));
    REQUIRE(gone.size() == 2);
    CHECK(gone[0].failed->code == errc::unknown_group);
    CHECK(gone[0].failed->name == "GROUP_ID_NOT_FOUND");
    CHECK_FALSE(gone[1].failed.has_value());
    CHECK(with.committed().empty());
    CHECK(delete_topic(here(), with.topic, soon));
  }

  TEST_CASE("a group with members is described, and neither reset nor deleted") {
    const group_of_records with;
    with.reset(at_offset{2});
    const auto kafka = make_librdkafka_driver({.brokers = brokers(), .client_id = "described"});
    member who{kafka->open_consumer(quick(with.group))};
    const auto partitions = join(who, with.topic);
    CHECK(partitions.size() == 2);
    const auto seen = with.described();
    CHECK(seen.name == with.group);
    CHECK(seen.state == consumer_group_state::stable);
    CHECK(to_string(seen.state) == "Stable");
    CHECK(seen.protocol == "range");
    CHECK(seen.coordinator >= 0);
    CHECK_FALSE(seen.is_simple);
    REQUIRE(seen.members.size() == 1);
    const auto& one = seen.members.front();
    CHECK(one.client_id == "described");
    CHECK(one.id.starts_with("described-"));
    CHECK(one.host.find("127.0.0.1") != std::string::npos);
    CHECK(one.assignment == std::vector{with.zero, with.one});
    const auto listed = good(list_groups(here(), soon));
    CHECK(listed.failures.empty());
    CHECK(std::ranges::is_sorted(listed.groups, {}, &group_info::name));
    const auto found = std::ranges::find(listed.groups, with.group, &group_info::name);
    REQUIRE(found != listed.groups.end());
    CHECK(found->state == consumer_group_state::stable);

    const auto refused = reset_offsets(here(), {.group = with.group, .to = earliest{}}, soon);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::group_not_empty);
    CHECK(refused.error().text.find("its state is Stable with 1 member") != std::string::npos);
    const auto kept = good(delete_groups(here(), {with.group}, soon)).front();
    CHECK(kept.failed->code == errc::group_not_empty);
    CHECK(kept.failed->name == "NON_EMPTY_GROUP");
    CHECK(with.committed() == offsets{2, 2});
  }

  TEST_CASE("the cluster is described with its id, its controller and its brokers") {
    const auto seen = good(describe_cluster(here(), soon));
    CHECK(seen.id.size() == 22);
    REQUIRE_FALSE(seen.brokers.empty());
    CHECK(std::ranges::find(seen.brokers, seen.controller, &broker_info::id) != seen.brokers.end());
    for (const auto& each : seen.brokers) {
      CHECK(each.host != "");
      CHECK(each.port != 0);
    }
  }

  TEST_CASE("an actor's requests to orders/admin are answered, over one handle and in order") {
    application app{
      {.id = "shop", .children = {connection{.name = "orders", .brokers = brokers()}}}};
    const auto name = fresh_name("admin");
    const auto ask = [&](auto what) {
      auto answer
        = call<typename decltype(what)::answer>(app.system(), app.find("orders/admin"), 40s, what);
      REQUIRE(answer);
      return *std::move(answer);
    };
    CHECK(good(ask(create_topics_request{.topics = {{.name = name}}})).size() == 1);
    CHECK(eventually([&] { return good(ask(topic_exists_request{.topic = name})); }));
    const auto again = good(ask(create_topics_request{.topics = {{.name = name}}}));
    CHECK(again.at(0).failed->name == "TOPIC_ALREADY_EXISTS");
    CHECK(good(ask(fetch_lag_request{.group = fresh_name("none")})).empty());
    CHECK_FALSE(good(ask(describe_cluster_request{})).brokers.empty());
    CHECK(good(ask(delete_topics_request{.topics = {name}})).size() == 1);
    CHECK(app.stop());
    CHECK(await_reaped(30s) == 0);
  }
}

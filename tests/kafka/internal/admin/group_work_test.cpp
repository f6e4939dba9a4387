#include <ottla/kafka/internal/admin/carry_out.hpp>

#include "support/fake_admin.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

const topic_partition zero{"t", 0};
const topic_partition one{"t", 1};
const topic_partition other{"u", 0};

/// Group "g" without members has committed in t/0 and u/0.
fake_admin with_group() {
  fake_admin cluster;
  cluster.view.topics = {{.name = "t", .partitions = {{.partition = 0}, {.partition = 1}}},
                         {.name = "u", .partitions = {{.partition = 0}}}};
  cluster.groups["g"] = {.name = "g", .state = consumer_group_state::empty};
  cluster.committed["g"] = {{zero, 5}, {other, 7}};
  cluster.logs = {{zero, {.begin = 2, .end = 10, .since = 6}},
                  {one, {.begin = 0, .end = 4, .since = -1}},
                  {other, {.begin = 0, .end = 7, .since = 0}}};
  return cluster;
}

result<std::vector<partition_reset>> reset(fake_admin& in, group_reset what) {
  what.group = "g";
  return carry_out(in, reset_offsets_request{.what = std::move(what)});
}

} // namespace

TEST_SUITE("group_work") {
  TEST_CASE("fetch_lag reports each partition with a committed offset") {
    auto cluster = with_group();
    const auto lag = carry_out(cluster, fetch_lag_request{.group = "g"});
    REQUIRE(lag);
    REQUIRE(lag->size() == 2);
    CHECK(lag->at(0).where == zero);
    CHECK(lag->at(0).committed == 5);
    CHECK(lag->at(0).begin == 2);
    CHECK(lag->at(0).end == 10);
    CHECK(lag->at(0).lag == 5);
    CHECK(lag->at(1).lag == 0);
    CHECK(carry_out(cluster, fetch_lag_request{.group = "no"})->empty());
  }

  TEST_CASE("a partition whose ends are unknown fails alone") {
    auto cluster = with_group();
    cluster.logs[zero].failed = error{.code = errc::unreachable, .text = "leader"};
    const auto lag = carry_out(cluster, fetch_lag_request{.group = "g"});
    REQUIRE(lag);
    CHECK(lag->at(0).failed->text == "leader");
    CHECK(lag->at(0).committed == 5);
    CHECK_FALSE(lag->at(1).failed.has_value());
  }

  TEST_CASE("a reset moves every partition with a committed offset by default") {
    auto cluster = with_group();
    const auto done = reset(cluster, {.to = earliest{}});
    REQUIRE(done);
    REQUIRE(done->size() == 2);
    CHECK(done->at(0).where == zero);
    CHECK(done->at(0).before == 5);
    CHECK(done->at(0).after == 2);
    CHECK(done->at(1).after == 0);
    CHECK(cluster.committed["g"] == std::map<topic_partition, std::int64_t>{{zero, 2}, {other, 0}});
  }

  TEST_CASE("a reset of topics moves all their partitions, and only those") {
    auto cluster = with_group();
    const auto done = reset(cluster, {.to = latest{}, .topics = {"t"}});
    REQUIRE(done);
    REQUIRE(done->size() == 2);
    CHECK(done->at(0).after == 10);
    CHECK(done->at(1).where == one);
    CHECK_FALSE(done->at(1).before.has_value());
    CHECK(done->at(1).after == 4);
    CHECK(cluster.committed["g"][other] == 7);
  }

  TEST_CASE("single partitions can be reset, also together with topics") {
    auto cluster = with_group();
    auto done = reset(cluster, {.to = at_offset{3}, .partitions = {one}});
    REQUIRE(done);
    REQUIRE(done->size() == 1);
    CHECK(done->at(0).after == 3);
    done = reset(cluster, {.to = at_offset{1}, .topics = {"t"}, .partitions = {other, one}});
    REQUIRE(done);
    CHECK(done->size() == 3);
    CHECK(cluster.committed["g"]
          == std::map<topic_partition, std::int64_t>{{zero, 2}, {one, 1}, {other, 1}});
  }

  TEST_CASE("a reset to a time takes the first record since the time, or the end") {
    auto cluster = with_group();
    const auto done = reset(cluster, {.to = since{}, .topics = {"t"}});
    REQUIRE(done);
    CHECK(done->at(0).after == 6);
    CHECK(done->at(1).after == 4);
  }

  TEST_CASE("a shift fails only for partitions without a committed offset") {
    auto cluster = with_group();
    const auto done = reset(cluster, {.to = shift_by{-2}, .topics = {"t"}});
    REQUIRE(done);
    CHECK(done->at(0).after == 3);
    CHECK(done->at(1).after == -1);
    CHECK(done->at(1).failed->code == errc::offset_out_of_range);
    CHECK_FALSE(cluster.committed["g"].contains(one));
  }

  TEST_CASE("a topic that does not exist fails alone") {
    auto cluster = with_group();
    const auto done = reset(cluster, {.to = latest{}, .topics = {"no", "u"}});
    REQUIRE(done);
    REQUIRE(done->size() == 2);
    CHECK(done->at(0).where.topic == "no");
    CHECK(done->at(0).failed->code == errc::unknown_topic);
    CHECK(done->at(1).after == 7);
  }

  TEST_CASE("a topic that the client may not describe fails alone") {
    auto cluster = with_group();
    cluster.view.topics[0] = {.name = "t", .failed = error{.code = errc::not_authorized}};
    const auto done = reset(cluster, {.to = latest{}, .topics = {"t", "u"}});
    REQUIRE(done);
    REQUIRE(done->size() == 2);
    CHECK(done->at(0).failed->code == errc::not_authorized);
    CHECK(done->at(1).after == 7);
  }

  TEST_CASE("a partition whose look-up or commit fails is not reset") {
    auto cluster = with_group();
    cluster.logs[zero].failed = error{.code = errc::unreachable};
    cluster.rejected_commits[one] = error{.code = errc::not_authorized};
    const auto done = reset(cluster, {.to = earliest{}, .topics = {"t", "u"}});
    REQUIRE(done);
    REQUIRE(done->size() == 3);
    CHECK(done->at(0).failed->code == errc::unreachable);
    CHECK(done->at(0).after == -1);
    CHECK(done->at(1).failed->code == errc::not_authorized);
    CHECK(done->at(1).after == -1);
    CHECK(done->at(2).after == 0);
    CHECK(cluster.committed["g"] == std::map<topic_partition, std::int64_t>{{zero, 5}, {other, 0}});
  }

  TEST_CASE("a group with members is not reset, and the error names its state") {
    auto cluster = with_group();
    cluster.groups["g"].state = consumer_group_state::stable;
    cluster.groups["g"].members.resize(2);
    const auto refused = reset(cluster, {.to = earliest{}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::group_not_empty);
    CHECK(refused.error().text
          == "group \"g\" must have no members for a reset of its offsets, but its state is Stable "
             "with 2 members");
    CHECK(cluster.committed["g"][zero] == 5);
    CHECK(cluster.asked == std::vector<std::string>{"describe groups"});
  }

  TEST_CASE("a group that does not exist is created by a reset of topics") {
    auto cluster = with_group();
    const auto done
      = carry_out(cluster, reset_offsets_request{.what = {.group = "new", .topics = {"t"}}});
    REQUIRE(done);
    CHECK(done->size() == 2);
    CHECK(cluster.committed["new"].size() == 2);
    CHECK(carry_out(cluster, reset_offsets_request{.what = {.group = "newer"}})->empty());
  }

  TEST_CASE("an empty list of groups is answered without asking a broker") {
    fake_admin cluster;
    CHECK(carry_out(cluster, describe_groups_request{})->empty());
    CHECK(carry_out(cluster, delete_groups_request{})->empty());
    CHECK(cluster.asked.empty());
  }

  TEST_CASE("each request of an unreachable cluster fails") {
    auto cluster = with_group();
    cluster.down = error{.code = errc::unreachable};
    CHECK_FALSE(carry_out(cluster, list_groups_request{}));
    CHECK_FALSE(carry_out(cluster, describe_groups_request{.groups = {"g"}}));
    CHECK_FALSE(carry_out(cluster, fetch_committed_offsets_request{.group = "g"}));
    CHECK_FALSE(carry_out(cluster, fetch_lag_request{.group = "g"}));
    CHECK_FALSE(carry_out(cluster, delete_groups_request{.groups = {"g"}}));
    CHECK(reset(cluster, {}).error().code == errc::unreachable);
  }
}

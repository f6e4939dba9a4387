#include <ottla/kafka/admin/admin_requests.hpp>

#include "support/group_stage.hpp"

#include <string>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using ottla::test::ask_later;

namespace {

/// A connection "c" that has neither producers nor a group.
struct admin_stage : group_stage {
  admin_stage() {
    settings.group_consumer.reset();
    settings.producers.clear();
    kafka->admin.view.topics = {{.name = "t", .partitions = {{.partition = 0}}}};
    open();
  }

  template <class Request>
  auto send(const Request& what) {
    auto asked = ask_later<typename Request::answer>(*this, named("admin"), what);
    time.run();
    return asked;
  }

  fake_kafka::admin_call take_call() {
    REQUIRE_FALSE(kafka->admin_calls.empty());
    auto call = std::move(kafka->admin_calls.front());
    kafka->admin_calls.erase(kafka->admin_calls.begin());
    return call;
  }

  void carry_out_next() {
    take_call().work(kafka->admin);
    time.run();
  }
};

} // namespace

TEST_SUITE("admin_process") {
  TEST_CASE_FIXTURE(admin_stage,
                    "a connection has an admin process that asks nothing at its start") {
    CHECK(named("admin"));
    CHECK(kafka->admin.asked.empty());
    CHECK(kafka->admin_calls.empty());
  }

  TEST_CASE_FIXTURE(admin_stage, "a request is answered when the seam has carried it out") {
    kafka->administers = reply::withheld();
    const auto asked = send(list_topics_request{.within = 7s});
    CHECK_FALSE(asked->answer.has_value());
    REQUIRE(kafka->admin_calls.size() == 1);
    CHECK(kafka->admin_calls[0].within == 7s);
    carry_out_next();
    REQUIRE(asked->answer.has_value());
    REQUIRE(*asked->answer);
    CHECK((*asked->answer)->at(0).name == "t");
  }

  TEST_CASE_FIXTURE(admin_stage, "each kind of request has its answer") {
    CHECK(*send(topic_exists_request{.topic = "t"})->answer.value());
    CHECK(*send(count_partitions_request{.topic = "t"})->answer.value() == 1);
    CHECK(send(describe_topics_request{.topics = {"t"}})->answer.value()->size() == 1);
    CHECK(send(create_topics_request{.topics = {{.name = "n"}}})->answer.value()->size() == 1);
    CHECK(send(delete_topics_request{.topics = {"n"}})->answer.value()->size() == 1);
    CHECK(send(add_partitions_request{.topic = "t", .partitions = 2})->answer.value());
    CHECK(send(describe_configs_request{.owner = topic_configs{"t"}})->answer.value());
    CHECK(send(alter_configs_request{.owner = topic_configs{"t"}, .changes = {{"k", "v"}}})
            ->answer.value());
    CHECK(send(delete_records_request{.records = {{{"t", 0}, 1}}})->answer.value()->size() == 1);
    CHECK(send(list_groups_request{})->answer.value());
    CHECK(send(describe_groups_request{.groups = {"g"}})->answer.value()->size() == 1);
    CHECK(send(fetch_committed_offsets_request{.group = "g"})->answer.value());
    CHECK(send(fetch_lag_request{.group = "g"})->answer.value());
    CHECK(send(reset_offsets_request{.what = {.group = "g"}})->answer.value());
    CHECK(send(delete_groups_request{.groups = {"g"}})->answer.value()->size() == 1);
    CHECK(send(describe_cluster_request{})->answer.value());
  }

  TEST_CASE_FIXTURE(admin_stage,
                    "a faulty request is answered at once, and never reaches the seam") {
    kafka->administers = reply::withheld();
    const auto asked = send(list_topics_request{.within = 0s});
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->error().code == errc::bad_setting);
    CHECK(asked->answer->error().text == "within must be positive, got 0ms");
    const auto unnamed = send(delete_topics_request{.topics = {""}});
    REQUIRE(unnamed->answer.has_value());
    CHECK(unnamed->answer->error().code == errc::bad_setting);
    CHECK(kafka->admin_calls.empty());
  }

  TEST_CASE_FIXTURE(admin_stage, "a failure of the cluster is the answer, with Kafka's name") {
    kafka->admin.down = error{.code = errc::not_authorized, .name = "CLUSTER_AUTHORIZATION_FAILED"};
    const auto asked = send(list_groups_request{});
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->error().name == "CLUSTER_AUTHORIZATION_FAILED");
  }

  TEST_CASE_FIXTURE(admin_stage,
                    "a late request is answered a second after its deadline, and dropped") {
    kafka->administers = reply::withheld();
    const auto asked = send(list_topics_request{.within = 3s});
    time.advance(3'999ms);
    CHECK_FALSE(asked->answer.has_value());
    CHECK_FALSE(kafka->admin_calls[0].stop.stop_requested());
    time.advance(1ms);
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->error().code == errc::timed_out);
    CHECK(kafka->admin_calls[0].stop.stop_requested());
    // An answer that comes anyway is ignored.
    carry_out_next();
    CHECK(send(list_topics_request{})->failed == std::nullopt);
  }

  TEST_CASE_FIXTURE(admin_stage, "a deadline that passes after the answer changes nothing") {
    const auto asked = send(list_topics_request{.within = 3s});
    REQUIRE(asked->answer.has_value());
    time.advance(1h);
    CHECK(*asked->answer);
    CHECK(ottla::is_alive(named("admin")));
  }

  TEST_CASE_FIXTURE(admin_stage, "the longest deadline is an hour") {
    kafka->administers = reply::withheld();
    static_cast<void>(send(list_topics_request{.within = std::chrono::hours::max()}));
    CHECK(take_call().within == 1h);
  }

  TEST_CASE_FIXTURE(admin_stage, "requests are passed to the seam in their order") {
    kafka->administers = reply::withheld();
    const auto created = send(create_topics_request{.topics = {{.name = "n"}}});
    const auto seen = send(topic_exists_request{.topic = "n"});
    REQUIRE(kafka->admin_calls.size() == 2);
    carry_out_next();
    CHECK(created->answer.has_value());
    CHECK_FALSE(seen->answer.has_value());
    carry_out_next();
    CHECK(*seen->answer.value());
  }

  TEST_CASE_FIXTURE(admin_stage, "pending requests are answered when the process ends") {
    kafka->administers = reply::withheld();
    const auto asked = send(add_partitions_request{.topic = "t", .partitions = 2});
    SUBCASE("by a kill") {
      kill_named("admin");
    }
    SUBCASE("by a stop of the connection") {
      ask_to_end(root);
    }
    REQUIRE(asked->answer.has_value());
    CHECK(asked->answer->error().code == errc::closed);
    CHECK(kafka->admin_calls[0].stop.stop_requested());
  }

  TEST_CASE_FIXTURE(admin_stage, "a killed admin process is replaced and takes requests again") {
    CHECK(is_replaced_after_kill("c/admin"));
    CHECK(send(list_topics_request{})->answer.value());
  }
}

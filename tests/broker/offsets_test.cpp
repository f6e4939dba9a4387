// Where groups begin and how far they commit. These cases need a real broker for open and aborted
// transactions, retention, added partitions and long polls.

#include "broker/open_transaction.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("offsets on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(open_transaction, "a group whose committed offset is after the start of an "
                                      "open transaction resumes at that offset") {
    commit_as(brokers(), topic, topic, 20);
    auto how = consumer();
    SUBCASE("when_missing is the default") {}
    SUBCASE("when_missing is latest") {
      how.when_missing = latest{};
    }
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_to_hold(1));
    pending.commit();
    REQUIRE(seen->wait_for_commit(where, 24));
    CHECK(app.stop());
    CHECK(seen->of(where) == std::map<std::int64_t, int>{{20, 1}, {21, 1}, {22, 1}});
    REQUIRE(begins->all().size() == 1);
    CHECK(begins->all().front().begins_at == 20);
    CHECK_FALSE(begins->all().front().missing);
    CHECK(seen->failures().empty());
  }

  TEST_CASE_FIXTURE(open_transaction,
                    "a group may begin at an offset after the start of an open transaction") {
    auto how = consumer();
    how.begin = at_offset{23};
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 23));
    CHECK_FALSE(begins->all().front().missing);
    pending.abort();
    put_plain(1);
    REQUIRE(seen->wait_for_commit(where, 25));
    CHECK(app.stop());
    // The broker writes the marker some time after it accepted the abort. So the record may come
    // before or after the marker.
    const auto handled = seen->of(where);
    const bool before = handled == std::map<std::int64_t, int>{{23, 1}};
    const bool behind = handled == std::map<std::int64_t, int>{{24, 1}};
    CHECK((before || behind));
  }

  TEST_CASE_FIXTURE(open_transaction, "a group that begins at `latest` reads the records of an "
                                      "open transaction once the transaction commits") {
    auto how = consumer();
    how.begin = latest{};
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 10));
    pending.commit();
    REQUIRE(seen->wait_for_commit(where, 24));
    CHECK(app.stop());
    CHECK(seen->of(where).begin()->first == 10);
    CHECK(seen->total() == 13);
  }

  TEST_CASE_FIXTURE(
    open_transaction,
    "a read_uncommitted group that begins at `latest` skips the records of an open transaction") {
    auto how = consumer();
    how.begin = latest{};
    SUBCASE("isolation.level in lower case") {
      how.extra["isolation.level"] = "read_uncommitted";
    }
    SUBCASE("isolation.level in upper case") {
      how.extra["isolation.level"] = "READ_UNCOMMITTED";
    }
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 23));
    CHECK(lag_of(app).end == 23);
    CHECK(app.stop());
    CHECK(seen->total() == 0);
  }

  TEST_CASE_FIXTURE(open_transaction, "lag ends at the start of an open transaction, and at the "
                                      "log's end after the transaction aborts") {
    application app{member_of(consumer(), seen)};
    REQUIRE(seen->wait_for_commit(where, 10));
    CHECK(lag_of(app).end == 10);
    CHECK(lag_of(app).lag() == 0);
    pending.abort();
    REQUIRE(seen->wait_for_commit(where, 24));
    CHECK(lag_of(app).end == 24);
    CHECK(lag_of(app).lag() == 0);
    CHECK(app.stop());
    CHECK(seen->total() == 20);
  }

  TEST_CASE("a group commits up to the end of a partition that holds only aborted records") {
    const auto topic = fresh_topic("aborted", 1);
    const topic_partition where{topic, 0};
    raw_producer to{brokers(), topic};
    to.begin();
    for (int i = 0; i < 50; ++i)
      to.send(topic, "aborted");
    to.flush();
    to.abort();
    const auto seen = std::make_shared<deliveries>();
    application app{member_of(quick_consumer(topic, seen), seen)};
    CHECK(seen->wait_for_commit(where, 51));
    CHECK(app.stop());
    CHECK(seen->total() == 0);
    CHECK(standing(topic, {where}).front().offset == 51);
  }

  TEST_CASE(
    "retention that deletes a transaction's marker does not make the committed offset missing") {
    const auto topic = fresh_topic("marker", 1);
    const topic_partition where{topic, 0};
    raw_producer to{brokers(), topic};
    to.begin();
    for (int i = 0; i < 5; ++i)
      to.send(topic, "kept");
    to.flush();
    to.commit();
    const auto seen = std::make_shared<deliveries>();
    auto how = quick_consumer(topic, seen);
    how.when_missing = latest{};
    {
      application app{member_of(how, seen)};
      REQUIRE(seen->wait_for_commit(where, 6));
      CHECK(app.stop());
    }
    trim_topic(brokers(), topic, 6);
    raw_producer plain{brokers()};
    for (int i = 0; i < 3; ++i)
      plain.send(topic, "new");
    plain.flush();
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 9));
    CHECK(app.stop());
    CHECK(seen->total() == 8);
    CHECK(seen->failures().empty());
  }

  TEST_CASE("a group reports its offset as missing if retention deleted unread records") {
    const auto topic = fresh_topic("trimmed", 1);
    const topic_partition where{topic, 0};
    store_numbered(topic, 1, 100);
    const auto seen = std::make_shared<deliveries>();
    const auto begins = std::make_shared<begin_notes>();
    const auto how = quick_consumer(topic, handler<telling_handler>(seen, begins));
    {
      // The hook rejects the assignment, so the member commits its first offset and handles
      // nothing.
      auto refusing = how;
      refusing.assignment_received = [](const assigned_partition&) { return "not now"; };
      application app{member_of(refusing, seen)};
      REQUIRE(seen->wait_for_commit(where, 0));
      app.stop();
    }
    REQUIRE(seen->total() == 0);
    trim_topic(brokers(), topic, 40);
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 100));
    CHECK(app.stop());
    CHECK(begins->all().front().begins_at == 40);
    CHECK(begins->all().front().missing == 0);
    CHECK(seen->total() == 60);
  }

  TEST_CASE("a `latest` group skips no record of a partition that was added while the group was "
            "stopped") {
    const auto topic = fresh_topic("grown", 2);
    store_numbered(topic, 2, 10);
    const auto seen = std::make_shared<deliveries>();
    auto how = quick_consumer(topic, seen);
    how.begin = latest{};
    {
      application app{member_of(how, seen)};
      for (const auto& one : kafka::test::partitions_of(topic, 2))
        REQUIRE(seen->wait_for_commit(one, 10));
      CHECK(app.stop());
    }
    grow_topic(brokers(), topic, 4);
    const auto kafka = make_librdkafka_driver({.brokers = brokers()});
    for (const std::int32_t added : {2, 3})
      store(*kafka, topic, numbered(7), added);
    application app{member_of(how, seen)};
    for (const std::int32_t added : {2, 3})
      CHECK(seen->wait_for_commit({topic, added}, 7));
    CHECK(app.stop());
    CHECK(seen->total() == 14);
  }

  TEST_CASE("a `latest` group skips no record of a partition that is added while the group runs") {
    const auto topic = fresh_topic("grown-live", 2);
    store_numbered(topic, 2, 10);
    const auto seen = std::make_shared<deliveries>();
    auto how = quick_consumer(topic, seen);
    how.begin = latest{};
    // Records are stored before the member notices the new partitions.
    application app{{.id = "app",
                     .children = {connection{.name = "c",
                                             .brokers = brokers(),
                                             .group_consumer = how,
                                             .observer = seen,
                                             .metadata_interval = std::chrono::seconds{3}}}}};
    for (const auto& one : kafka::test::partitions_of(topic, 2))
      REQUIRE(seen->wait_for_commit(one, 10));
    grow_topic(brokers(), topic, 4);
    const auto kafka = make_librdkafka_driver({.brokers = brokers()});
    for (const std::int32_t added : {2, 3})
      store(*kafka, topic, numbered(7), added);
    for (const std::int32_t added : {2, 3})
      CHECK(seen->wait_for_commit({topic, added}, 7));
    CHECK(app.stop());
    for (const std::int32_t added : {2, 3})
      CHECK(seen->of({topic, added}).size() == 7);
    CHECK(seen->total() == 14);
    CHECK(seen->failures().empty());
  }

  // Only ottla's commits record how many partitions the topic had when the group began.
  TEST_CASE("a `latest` group that inherits another client's commits skips no record of "
            "partitions without a commit") {
    const auto topic = fresh_topic("inherited", 2);
    store_numbered(topic, 2, 10);
    commit_as(brokers(), topic, topic, 4);
    const auto seen = std::make_shared<deliveries>();
    auto how = quick_consumer(topic, seen);
    how.begin = latest{};
    SUBCASE("no partitions are added") {
      application app{member_of(how, seen)};
      for (const auto& one : kafka::test::partitions_of(topic, 2))
        CHECK(seen->wait_for_commit(one, 10));
      CHECK(app.stop());
      CHECK(seen->of({topic, 0}).size() == 6);
      CHECK(seen->of({topic, 1}).size() == 10);
    }
    SUBCASE("two partitions are added") {
      grow_topic(brokers(), topic, 4);
      const auto kafka = make_librdkafka_driver({.brokers = brokers()});
      for (const std::int32_t added : {2, 3})
        store(*kafka, topic, numbered(7), added);
      application app{member_of(how, seen)};
      for (const std::int32_t old : {0, 1})
        CHECK(seen->wait_for_commit({topic, old}, 10));
      for (const std::int32_t added : {2, 3})
        CHECK(seen->wait_for_commit({topic, added}, 7));
      CHECK(app.stop());
      CHECK(seen->of({topic, 0}).begin()->first == 4);
      CHECK(seen->total() == 6 + 10 + 7 + 7);
    }
    CHECK(seen->distinct() == seen->total());
    CHECK(seen->failures().empty());
  }

  TEST_CASE(
    "members of a `latest` group that start together skip the existing records of all partitions") {
    constexpr std::int32_t count = 6;
    const auto topic = fresh_topic("together", count);
    store_numbered(topic, count, 10);
    const auto seen = std::make_shared<deliveries>();
    auto how = quick_consumer(topic, seen);
    how.begin = latest{};
    application first{member_of(how, seen)};
    application second{member_of(how, seen)};
    for (const auto& one : kafka::test::partitions_of(topic, count))
      CHECK(seen->wait_for_commit(one, 10));
    CHECK(first.stop());
    CHECK(second.stop());
    CHECK(seen->total() == 0);
  }

  TEST_CASE("get_lag answers within five seconds while fetches wait for 20 s") {
    constexpr std::int32_t count = 200;
    const auto topic = fresh_topic("idle", count);
    const auto seen = std::make_shared<deliveries>();
    auto how = quick_consumer(topic, seen);
    how.fetch_wait = std::chrono::seconds{20};
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_to_hold(count));
    // All partitions are empty, so each fetch after the first one waits.
    REQUIRE(seen->wait_for_commit({topic, count - 1}, 0));
    for (int turn = 0; turn < 3; ++turn) {
      const auto lag = call<lag_report>(app.system(), app.find("c/coordinator"),
                                        std::chrono::seconds{5}, get_lag{});
      REQUIRE_MESSAGE(lag, "no answer within 5 s");
      CHECK(lag->partitions.size() == count);
    }
    CHECK(app.stop());
  }
}

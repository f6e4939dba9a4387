// First offsets that are found by time, or that replace a missing offset, while a transaction is
// open. Only a real broker has a last stable offset and looks up times.

#include "broker/open_transaction.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("open transactions on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(
    open_transaction,
    "a group that begins at a time after an open transaction skips the transaction's records") {
    auto how = consumer();
    how.begin = since{time_of(21)};
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 21));
    CHECK(seen->total() == 0);
    pending.commit();
    REQUIRE(seen->wait_for_commit(where, 24));
    CHECK(app.stop());
    CHECK(seen->of(where) == std::map<std::int64_t, int>{{21, 1}, {22, 1}});
    REQUIRE(begins->all().size() == 1);
    CHECK(begins->all().front().begins_at == 21);
    CHECK_FALSE(begins->all().front().missing);
    CHECK(seen->failures().empty());
  }

  TEST_CASE_FIXTURE(open_transaction, "a group that begins at a time within an open transaction "
                                      "reads the transaction's later records") {
    auto how = consumer();
    how.begin = since{time_of(11)};
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 11));
    pending.commit();
    REQUIRE(seen->wait_for_commit(where, 24));
    CHECK(app.stop());
    REQUIRE(seen->total() == 12);
    CHECK(seen->of(where).begin()->first == 11);
    REQUIRE(begins->all().size() == 1);
    CHECK_FALSE(begins->all().front().missing);
  }

  TEST_CASE_FIXTURE(
    open_transaction,
    "a group that begins at a time after all records begins at the high watermark") {
    auto how = consumer();
    how.begin = since{time_of(3'600)};
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_for_commit(where, 23));
    pending.commit();
    put_plain(1);
    REQUIRE(seen->wait_for_commit(where, 25));
    CHECK(app.stop());
    CHECK(seen->total() == 1);
    REQUIRE(begins->all().size() == 1);
    CHECK(begins->all().front().begins_at == 23);
    CHECK_FALSE(begins->all().front().missing);
    CHECK(seen->failures().empty());
  }

  TEST_CASE_FIXTURE(
    open_transaction,
    "a missing offset may be replaced by an offset after the start of an open transaction") {
    struct replacement {
      begin_offset rule;
      std::int64_t offset;
    };
    const std::vector<replacement> all{
      {earliest{}, 0},
      {at_offset{20}, 20},
      {at_offset{23}, 23},
      // Offset 500 is not in the log either, so the high watermark replaces the offset.
      {at_offset{500}, 23},
      // `latest` is the last stable offset. Records of the open transaction are read after its
      // commit.
      {latest{}, 10},
      {since{time_of(11)}, 11},
      {since{time_of(21)}, 21},
      {since{time_of(3'600)}, 23},
    };
    const auto kafka = make_librdkafka_driver({.brokers = brokers()});
    member asking{kafka->open_consumer(quick(topic))};
    const auto resolve = [&](const begin_offset& otherwise, const begin_offset& when_missing) {
      asking->resolve(std::vector{where}, otherwise, when_missing);
      return asking.expect<resolved>().beginnings.at(0);
    };
    for (std::size_t index = 0; index < all.size(); ++index) {
      CAPTURE(index);
      const auto replaced = resolve(at_offset{1'000}, all[index].rule);
      CHECK_FALSE(replaced.failed);
      CHECK(replaced.missing == 1'000);
      CHECK(replaced.offset == all[index].offset);
      CHECK(replaced.log_begin == 0);
      CHECK(replaced.log_end == 23);
    }
    // The same rules replace a missing committed offset. The first records of this log were
    // deleted.
    commit_as(brokers(), topic, topic, 1'000);
    trim_topic(brokers(), topic, 5);
    for (std::size_t index = 0; index < all.size(); ++index) {
      CAPTURE(index);
      const auto replaced = resolve(earliest{}, all[index].rule);
      CHECK_FALSE(replaced.failed);
      CHECK(replaced.committed == 1'000);
      CHECK(replaced.missing == 1'000);
      CHECK(replaced.offset == std::max<std::int64_t>(all[index].offset, 5));
      CHECK(replaced.log_begin == 5);
      CHECK(replaced.log_end == 23);
    }
  }

  TEST_CASE_FIXTURE(
    open_transaction,
    "a group whose committed offset is missing resumes at the offset that when_missing gives") {
    commit_as(brokers(), topic, topic, 1'000);
    auto how = consumer();
    std::int64_t begins_at = 0;
    SUBCASE("at_offset after the start of the open transaction") {
      how.when_missing = at_offset{20};
      begins_at = 20;
    }
    SUBCASE("latest, which is the start of the open transaction") {
      how.when_missing = latest{};
      begins_at = 10;
    }
    SUBCASE("since a time after the start of the open transaction") {
      how.when_missing = since{time_of(21)};
      begins_at = 21;
    }
    application app{member_of(how, seen)};
    REQUIRE(seen->wait_to_hold(1));
    pending.commit();
    REQUIRE(seen->wait_for_total(static_cast<std::size_t>(23 - begins_at)));
    CHECK(app.stop());
    CHECK(seen->of(where).begin()->first == begins_at);
    CHECK(seen->total() == static_cast<std::size_t>(23 - begins_at));
    REQUIRE(begins->all().size() == 1);
    CHECK(begins->all().front().begins_at == begins_at);
    CHECK(begins->all().front().missing == 1'000);
    REQUIRE(seen->failures().size() == 1);
    CHECK(seen->failures().front().find(
            fmt::format("offset 1000 is outside of 0..23, beginning at {}", begins_at))
          != std::string::npos);
  }
}

#include "count_store.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <stdexcept>
#include <vector>

namespace kafka = ottla::kafka;

namespace {

struct counting {
  const kafka::topic_partition zero{"lines", 0};
  count_store store{"run", 10};
  std::deque<std::string> texts;

  kafka::message line(std::int64_t offset, std::uint64_t number, std::string text) {
    texts.push_back(store.key_of(number));
    const std::string_view key = texts.back();
    texts.push_back(std::move(text));
    return {offset, key, texts.back(), nullptr, nullptr};
  }

  kafka::assignment lease(std::uint64_t epoch) {
    kafka::assignment what{.where = zero, .epoch = epoch};
    store.begin(what);
    return what;
  }

  void apply(const kafka::assignment& by, std::vector<kafka::message> lines) {
    store.apply(by, {zero, lines});
  }
};

} // namespace

TEST_SUITE("count_store") {
  TEST_CASE_FIXTURE(counting, "a count_store counts each line once") {
    const auto mine = lease(1);
    apply(mine, {line(0, 0, "a b"), line(1, 1, "b")});
    CHECK(store.words().at("b") == 2);
    CHECK(store.consumed() == 2);
    CHECK(store.sums().consumed == 2);
    CHECK(store.sums().redelivered == 0);
    CHECK(store.consumed_bytes()
          == count_store::bytes_of("run/0", "a b") + count_store::bytes_of("run/1", "b"));
  }

  TEST_CASE_FIXTURE(counting,
                    "a redelivered line is not counted again, and is reported as redelivered") {
    const auto mine = lease(1);
    apply(mine, {line(0, 0, "a"), line(1, 1, "a")});
    apply(mine, {line(1, 1, "a"), line(2, 2, "a")});
    CHECK(store.words().at("a") == 3);
    CHECK(store.sums().redelivered == 1);
  }

  TEST_CASE_FIXTURE(counting, "all_begun is true once each assigned partition has a handler") {
    CHECK_FALSE(store.all_begun());
    store.begin({.where = {"lines", 1}, .epoch = 1});
    CHECK_FALSE(store.all_begun());
    store.assigned(1, std::vector<kafka::topic_partition>{{"lines", 0}, {"lines", 1}});
    CHECK_FALSE(store.all_begun());
    lease(2);
    CHECK(store.all_begun());
  }

  TEST_CASE_FIXTURE(counting, "a line that was produced twice is counted once") {
    const auto mine = lease(1);
    apply(mine, {line(0, 0, "a"), line(1, 1, "a")});
    apply(mine, {line(2, 0, "a"), line(3, 1, "a")});
    CHECK(store.words().at("a") == 2);
    CHECK(store.sums().redelivered == 2);
  }

  TEST_CASE_FIXTURE(counting,
                    "a batch under an old lease is rejected and its lines are not counted") {
    const auto old = lease(1);
    const auto current = lease(2);
    CHECK_THROWS_WITH_AS(apply(old, {line(0, 0, "a")}), "lease 1 of lines/0 is over",
                         std::runtime_error);
    CHECK(store.consumed() == 0);
    apply(current, {line(0, 0, "a")});
    CHECK(store.consumed() == 1);
  }

  TEST_CASE_FIXTURE(counting, "lines of other runs and malformed keys are not counted") {
    count_store other{"other", 10};
    const auto mine = lease(1);
    const std::string of_other = other.key_of(1);
    const std::string too_many = store.key_of(10);
    apply(mine, {{0, of_other, "a", nullptr, nullptr},
                 {1, too_many, "a", nullptr, nullptr},
                 {2, "run/x", "a", nullptr, nullptr},
                 {3, "run/1x", "a", nullptr, nullptr},
                 {4, "", "a", nullptr, nullptr}});
    CHECK(store.consumed() == 0);
    CHECK(store.words().empty());
  }

  TEST_CASE_FIXTURE(counting, "a line counts as acknowledged when its batch is acknowledged") {
    const auto mine = lease(1);
    apply(mine, {line(0, 0, "a"), line(1, 1, "a")});
    apply(mine, {line(2, 2, "a")});
    store.acknowledged(zero, 1);
    CHECK(store.sums().acknowledged == 0);
    store.acknowledged(zero, 2);
    CHECK(store.sums().acknowledged == 2);
    store.acknowledged(zero, 3);
    CHECK(store.sums().acknowledged == 3);
  }

  TEST_CASE_FIXTURE(counting, "a progress listener is called for each batch until it is removed") {
    int told = 0;
    store.on_progress([&] { ++told; });
    const auto mine = lease(1);
    apply(mine, {line(0, 0, "a")});
    CHECK(told == 1);
    store.on_progress({});
    apply(mine, {line(1, 1, "a")});
    CHECK(told == 1);
  }

  TEST_CASE_FIXTURE(
    counting, "a count_store keeps the number of rebalances and the last failure for the report") {
    store.assigned(1, {});
    store.assigned(2, {});
    CHECK(store.sums().rebalances == 2);
    CHECK(store.last_failure().empty());
    store.failed({.code = kafka::errc::unreachable, .text = "gone"});
    CHECK(store.last_failure() == "unreachable: gone");
  }
}

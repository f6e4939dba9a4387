// Partitions that the pool pauses while another partition has a backlog. See pause_plan.

#include <ottla/kafka/internal/driver/librdkafka/batch_faults.hpp>

#include "kafka/internal/driver/backlog_of_one.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;

namespace {

/// Enough for a call that returns at once. A call that is still blocked after this time counts as
/// waiting.
constexpr auto a_while = 200ms;

} // namespace

// Some versions of librdkafka pause nothing. See batches_skip_at_ends.
TEST_SUITE("paused partitions" * doctest::timeout(120)
           * doctest::skip(batches_skip_at_ends(rd_kafka_version()))) {
  TEST_CASE_FIXTURE(
    long_pauses,
    "quiet partitions are paused during a backlog, and are resumed after the backlog is taken") {
    CHECK(all_are_paused());
    CHECK(backlog_is_taken());
    CHECK(take_until([this] { return pool().paused() == 0; }));
    CHECK(got[full] == up_to(backlog));
  }

  TEST_CASE_FIXTURE(backlog_of_one, "each message of a paused partition is delivered once") {
    REQUIRE(some_are_paused());
    for (std::int32_t each = 1; each < partitions; ++each)
      produce(each, "news");
    flush();
    for (std::int32_t each = 1; each < partitions; ++each)
      produce(each, "more news");
    flush();
    CHECK(take_until([this] {
      return std::ranges::all_of(inboxes, [this](const auto& each) {
        return got[each.first].size() >= (each.first == full ? backlog : 2);
      });
    }));
    for (std::int32_t each = 1; each < partitions; ++each)
      CHECK(got[each] == up_to(2));
    CHECK(got[full] == up_to(backlog));
  }

  TEST_CASE_FIXTURE(
    backlog_of_one,
    "partitions are resumed when the partition with the backlog moves to another broker") {
    REQUIRE(some_are_paused());
    cluster().move_leader("t", full, 2);
    for (std::int32_t each = 1; each < partitions; ++each)
      produce(each, "news");
    flush();
    CHECK(take_until([this] {
      return std::ranges::all_of(inboxes, [this](const auto& each) {
        return each.first == full || !got[each.first].empty();
      });
    }));
  }

  TEST_CASE_FIXTURE(long_pauses, "the end of a partition is reported once, even after pauses") {
    REQUIRE(all_are_paused());
    REQUIRE(backlog_is_taken());
    REQUIRE(take_until([this] { return std::ssize(ends) == partitions; }));
    for (std::int32_t each = 1; each < partitions; ++each)
      CHECK(fmt::format("{}", fmt::join(ends[each], " ")) == "0");
  }

  TEST_CASE_FIXTURE(long_pauses,
                    "a partition that was closed while paused is fetched again by its next owner") {
    REQUIRE(all_are_paused());
    SUBCASE("the next owner opens the partition after the close") {
      close(quiet);
      open(quiet);
    }
    SUBCASE("the next owner opens the partition before the close") {
      const auto former = inboxes.at(quiet);
      open(quiet);
      pool().close(*former);
    }
    CHECK_FALSE(log.paused().contains(quiet));
    produce(quiet, "news");
    flush();
    CHECK(take_until([this] { return !got[quiet].empty(); }));
    CHECK(got[quiet] == up_to(1));
  }

  TEST_CASE_FIXTURE(ten_old_messages, "a seek in a paused partition takes effect") {
    REQUIRE(take_until([this] { return got[quiet] == up_to(10); }));
    REQUIRE(all_are_paused());
    seek(quiet, 4);
    CHECK(take_until([this] { return got[quiet].size() == 16; }));
    CHECK(std::vector(got[quiet].begin() + 10, got[quiet].end())
          == std::vector<std::int64_t>{4, 5, 6, 7, 8, 9});
  }

  TEST_CASE_FIXTURE(short_pauses, "a pause ends after its time even if the backlog remains") {
    CHECK(take_until([this] { return log.resumes() > 0; }));
    CHECK(std::ssize(got[full]) < backlog / 2);
  }

  // A partition at its memory limit sends no request, so no answer could end the pauses.
  TEST_CASE_FIXTURE(little_memory,
                    "pauses end when the partition with the backlog reaches its memory limit") {
    REQUIRE(all_are_paused());
    const auto until = steady::now() + limit;
    while (pool().paused() > 0 && steady::now() < until)
      std::this_thread::yield();
    CHECK(pool().paused() == 0);
  }

  // Up to librdkafka 2.1, a broker's thread may sleep for a second.
  TEST_CASE_FIXTURE(long_pauses,
                    "ending pauses wakes the thread of a broker without a request in flight") {
    using request = embedded_cluster::request;
    REQUIRE(all_are_paused());
    constexpr std::int16_t not_leader = 6;
    cluster().fail_next(request::list_offsets, {not_leader});
    fetches.sent(1);
    fetches.answered(1);
    const auto no_pauses = pool().without_pauses();
    CHECK(take_until([this] { return cluster().failures_left(request::list_offsets) == 0; }));
  }

  TEST_CASE_FIXTURE(long_pauses, "partitions that are not at their end are not paused") {
    log.not_at_end = quiet;
    REQUIRE(some_are_paused());
    REQUIRE(backlog_is_taken());
    CHECK_FALSE(log.was_ever_paused(quiet));
  }

  // librdkafka drops one of two concurrent operations, such as a seek and a pause, on a partition.
  TEST_CASE_FIXTURE(
    short_pauses,
    "seek, close, assign and leave wait while librdkafka pauses or resumes partitions") {
    auto* at = &log.at_pause;
    SUBCASE("librdkafka pauses") {}
    SUBCASE("librdkafka resumes") {
      at = &log.at_resume;
    }
    at->shut();
    REQUIRE(take_until([&] { return at->is_reached(); }));
    std::map<std::string, std::future<void>> calls;
    const auto call = [&calls](const char* name, std::function<void()> what) {
      calls.emplace(name, std::async(std::launch::async, std::move(what)));
    };
    call("seek", [this] { seek(quiet, 0); });
    call("close", [this] { close(quiet + brokers); });
    call("assign", [this] { pool().without_pauses(); });
    call("leave", [this] { pool().end_pauses(); });
    const auto until = steady::now() + a_while;
    for (const auto& each : calls) {
      CAPTURE(each.first);
      CHECK(each.second.wait_until(until) == std::future_status::timeout);
    }
    at->open();
    for (const auto& each : calls) {
      CAPTURE(each.first);
      CHECK(each.second.wait_for(limit) == std::future_status::ready);
    }
  }

  TEST_CASE_FIXTURE(long_pauses, "no partition is paused while the assignment changes") {
    REQUIRE(all_are_paused());
    const auto no_pauses = pool().without_pauses();
    CHECK(log.paused().empty());
  }

  // librdkafka drops a resume if a rebalance makes librdkafka pause the partition at the same time.
  TEST_CASE_FIXTURE(long_pauses, "a partition whose resume was lost is fetched after a rebalance") {
    REQUIRE(all_are_paused());
    log.lose_resume = quiet;
    REQUIRE(backlog_is_taken());
    REQUIRE(take_until([this] { return pool().paused() == 0; }));
    REQUIRE(log.paused() == std::set<std::int32_t>{quiet});
    pool().without_pauses();
    produce(quiet, "news");
    flush();
    CHECK(take_until([this] { return !got[quiet].empty(); }));
    CHECK(got[quiet] == up_to(1));
  }

  // librdkafka may still resume the partition on its own thread until the end is reported again.
  TEST_CASE_FIXTURE(handled_backlog,
                    "after a rebalance, no partition is paused until its end is reported again") {
    REQUIRE(take_until([this] { return std::ssize(ends) == partitions; }));
    {
      const auto no_pauses = pool().without_pauses();
      make_librdkafka_pause_quiet_partitions();
    }
    seek(full, 0);
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }

  TEST_CASE_FIXTURE(ten_old_messages,
                    "messages that librdkafka fetches a second time are dropped") {
    REQUIRE(take_until([this] { return got[quiet] == up_to(10); }));
    make_librdkafka_go_back(quiet, 4);
    produce(quiet, "news");
    flush();
    REQUIRE(take_until([this] { return got[quiet].size() > 10; }));
    CHECK(got[quiet] == up_to(11));
  }

  TEST_CASE_FIXTURE(long_pauses, "no partition is paused after the member leaves its group") {
    REQUIRE(all_are_paused());
    pool().end_pauses();
    CHECK(pool().paused() == 0);
    const auto pauses = log.pauses();
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == pauses);
  }

  // A long wait, for example at an open transaction, would delay the paused partitions.
  TEST_CASE_FIXTURE(patient_requests,
                    "no partition is paused if fetch requests may wait for more than a second") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }

  TEST_CASE_FIXTURE(full_requests,
                    "no partition is paused if fetch requests wait for more than one byte") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }

  TEST_CASE_FIXTURE(few_partitions,
                    "the quiet partitions of a broker are not paused if there are fewer than 16") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }
}

TEST_SUITE("paused partitions" * doctest::timeout(120)
           * doctest::skip(!batches_skip_at_ends(rd_kafka_version()))) {
  TEST_CASE_FIXTURE(long_pauses,
                    "no partition is paused if librdkafka skips messages at a partition's end") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }
}

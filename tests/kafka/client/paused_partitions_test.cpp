// Partitions that are paused while another partition has a backlog. See pause_plan.

#include <ottla/kafka/client/librdkafka/batch_faults.hpp>
#include <ottla/kafka/client/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/client/librdkafka/partition_list.hpp>
#include <ottla/kafka/embedded_cluster.hpp>

#include "kafka/client/pause_log.hpp"
#include "kafka/client/raw_topic.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr int brokers = 2; // the first one leads the even partitions
constexpr std::int32_t quiet = 8;
constexpr std::int32_t full = 0;
constexpr std::int64_t backlog = 30'000;
constexpr auto limit = 20s;

/// Longer than any test waits.
constexpr auto for_ever = 1h;

struct shape {
  std::int32_t partitions = 48;
  std::string fetch_wait = "100";
  std::string fetch_least = "1";
  std::string queue_kib = "65536";
  fetch_memory memory = {};
  std::chrono::milliseconds pause_time{100};
  int old_messages = 0;   ///< messages that `quiet` holds from the start
  std::int64_t begin = 0; ///< begin of the backlog
};

raw_handle open_consumer(const std::string& brokers, const shape& how) {
  return open_raw(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers},
                                      {"group.id", "g"},
                                      {"enable.auto.commit", "false"},
                                      {"enable.partition.eof", "true"},
                                      {"fetch.wait.max.ms", how.fetch_wait},
                                      {"fetch.min.bytes", how.fetch_least},
                                      {"queued.max.messages.kbytes", how.queue_kib},
                                      {"fetch.message.max.bytes", "65536"}});
}

/// One partition has a backlog of 150 batches; the others are empty.
class backlog_of_one {
public:
  explicit backlog_of_one(const shape& how = {})
    : partitions{how.partitions},
      cluster_{{.brokers = brokers, .topics = {{"t", how.partitions}}}},
      producer_{open_raw(RD_KAFKA_PRODUCER, {{"bootstrap.servers", cluster_.brokers()},
                                             {"batch.num.messages", "200"},
                                             {"linger.ms", "5"}})},
      native_{open_consumer(cluster_.brokers(), how)} {
    for (std::int32_t each = 0; each < partitions; ++each)
      cluster_.move_leader("t", each, each % brokers + 1);
    rd_kafka_poll_set_consumer(native_.get());
    for (std::int64_t number = 0; number < backlog; ++number)
      produce(full, fmt::format("{:0100}", number));
    for (int number = 0; number < how.old_messages; ++number)
      produce(quiet, "old");
    flush();
    pool_.emplace(native_.get(), fetches, how.memory, log.calls(how.pause_time));
    std::vector<position> begin;
    for (std::int32_t each = 0; each < partitions; ++each) {
      begin.push_back({{"t", each}, each == full ? how.begin : 0});
      queues_.push_back(queue_ref{rd_kafka_queue_get_partition(native_.get(), "t", each)});
      open(each);
    }
    REQUIRE(rd_kafka_assign(native_.get(), make_partition_list(begin).get())
            == RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  ~backlog_of_one() {
    log.at_pause.open();
    log.at_resume.open();
    for (auto& [partition, each] : inboxes)
      pool_->close(*each);
    rd_kafka_assign(native_.get(), nullptr);
    queues_.clear();
    pool_.reset();
  }

  void open(std::int32_t partition) {
    inboxes[partition]
      = pool_->open({"t", partition}, queues_.at(static_cast<std::size_t>(partition)).get(), false);
  }

  void close(std::int32_t partition) { pool_->close(*inboxes.at(partition)); }

  void seek(std::int32_t partition, std::int64_t offset) {
    pool_->restart(*inboxes.at(partition), [&] {
      if (auto* failure = rd_kafka_seek_partitions(
            native_.get(), make_partition_list({"t", partition}, offset).get(), 0))
        rd_kafka_error_destroy(failure);
    });
  }

  void produce(std::int32_t partition, const std::string& value) {
    const auto until = steady::now() + limit;
    while (rd_kafka_producev(
             producer_.get(), RD_KAFKA_V_TOPIC("t"), RD_KAFKA_V_PARTITION(partition),
             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
             RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()), RD_KAFKA_V_END)
             == RD_KAFKA_RESP_ERR__QUEUE_FULL
           && steady::now() < until)
      rd_kafka_poll(producer_.get(), 10);
  }

  void flush() { REQUIRE(rd_kafka_flush(producer_.get(), 20'000) == RD_KAFKA_RESP_ERR_NO_ERROR); }

  /// Takes all messages that have arrived, of all partitions.
  void take() {
    std::array<rd_kafka_message_t*, 100> some{};
    for (const auto& [partition, inbox] : inboxes)
      for (std::size_t taken = some.size(); taken == some.size();) {
        taken = pool_->take(inbox, some);
        for (std::size_t index = 0; index < taken; ++index) {
          const auto* each = some[index];
          if (each->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            got[partition].push_back(each->offset);
          else if (each->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            ends[partition].push_back(each->offset);
          rd_kafka_message_destroy(some[index]);
        }
      }
  }

  bool take_until(const std::function<bool()>& done) {
    for (const auto until = steady::now() + limit; steady::now() < until;) {
      take();
      if (done())
        return true;
      std::this_thread::yield();
    }
    return false;
  }

  bool some_are_paused() {
    return take_until([this] { return !log.paused().empty(); });
  }

  /// Needs long pauses, since all partitions must be paused at the same time.
  bool all_are_paused() {
    return take_until([this] { return std::ssize(log.paused()) == partitions / brokers - 1; });
  }

  bool backlog_is_taken() {
    return take_until([this] { return std::ssize(got[full]) >= backlog; });
  }

  static std::vector<std::int64_t> up_to(std::int64_t end) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(end));
    for (std::int64_t each = 0; each < end; ++each)
      all[static_cast<std::size_t>(each)] = each;
    return all;
  }

  /// Seeks without the pool's knowledge.
  void make_librdkafka_go_back(std::int32_t partition, std::int64_t offset) {
    if (auto* failure = rd_kafka_seek_partitions(
          native_.get(), make_partition_list({"t", partition}, offset).get(), 5'000))
      rd_kafka_error_destroy(failure);
  }

  /// Pauses partitions as librdkafka does when a rebalance begins.
  void make_librdkafka_pause_quiet_partitions() {
    std::vector<topic_partition> all;
    for (std::int32_t each = 1; each < partitions; ++each)
      all.push_back({"t", each});
    rd_kafka_pause_partitions(native_.get(), make_partition_list(all).get());
  }

  fetch_pool& pool() { return *pool_; }
  embedded_cluster& cluster() { return cluster_; }

  std::map<std::int32_t, fetch_pool::inbox_ptr> inboxes;
  std::map<std::int32_t, std::vector<std::int64_t>> got;
  std::map<std::int32_t, std::vector<std::int64_t>> ends;
  const std::int32_t partitions;
  pause_log log;
  fetch_watch fetches;

private:
  embedded_cluster cluster_;
  raw_handle producer_;
  raw_handle native_;
  std::vector<queue_ref> queues_;
  std::optional<fetch_pool> pool_;
};

struct patient_requests : backlog_of_one {
  patient_requests() : backlog_of_one{{.fetch_wait = "1001"}} {}
};

struct full_requests : backlog_of_one {
  full_requests() : backlog_of_one{{.fetch_least = "2"}} {}
};

struct few_partitions : backlog_of_one {
  few_partitions() : backlog_of_one{{.partitions = 16 * brokers}} {}
};

struct short_pauses : backlog_of_one {
  short_pauses() : backlog_of_one{{.pause_time = 1ms}} {}
};

struct long_pauses : backlog_of_one {
  long_pauses() : backlog_of_one{{.pause_time = for_ever}} {}
};

struct ten_old_messages : backlog_of_one {
  ten_old_messages() : backlog_of_one{{.pause_time = for_ever, .old_messages = 10}} {}
};

struct handled_backlog : backlog_of_one {
  handled_backlog() : backlog_of_one{{.pause_time = for_ever, .begin = backlog}} {}
};

struct little_memory : backlog_of_one {
  little_memory()
    : backlog_of_one{
      {.queue_kib = "64",
       .memory = {.queue_bytes = 64 * 1024, .part_bytes = 64 * 1024, .shared_bytes = 512 * 1024},
       .pause_time = for_ever}} {}
};

/// Long enough for a call that returns at once. A call that waits for another thread is watched for
/// this time.
constexpr auto a_while = 200ms;

} // namespace

// See batches_skip_at_ends: with some versions of librdkafka nothing is paused.
TEST_SUITE("paused partitions" * doctest::timeout(120)
           * doctest::skip(batches_skip_at_ends(rd_kafka_version()))) {
  TEST_CASE_FIXTURE(long_pauses, "quiet partitions are paused until the backlog is nearly taken") {
    CHECK(all_are_paused());
    CHECK(backlog_is_taken());
    CHECK(take_until([this] { return pool().paused() == 0; }));
    CHECK(got[full] == up_to(backlog));
  }

  TEST_CASE_FIXTURE(backlog_of_one, "a message for a paused partition comes, once") {
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

  TEST_CASE_FIXTURE(backlog_of_one,
                    "partitions are resumed when the backlog has moved to another broker") {
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

  TEST_CASE_FIXTURE(long_pauses, "the end of a partition is reported once, also after pauses") {
    REQUIRE(all_are_paused());
    REQUIRE(backlog_is_taken());
    REQUIRE(take_until([this] { return std::ssize(ends) == partitions; }));
    for (std::int32_t each = 1; each < partitions; ++each)
      CHECK(fmt::format("{}", fmt::join(ends[each], " ")) == "0");
  }

  TEST_CASE_FIXTURE(long_pauses,
                    "a partition that is closed while paused is fetched again by its next owner") {
    REQUIRE(all_are_paused());
    SUBCASE("once it is closed") {
      close(quiet);
      open(quiet);
    }
    SUBCASE("before it is closed") {
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

  TEST_CASE_FIXTURE(ten_old_messages, "a seek of a paused partition takes effect") {
    REQUIRE(take_until([this] { return got[quiet] == up_to(10); }));
    REQUIRE(all_are_paused());
    seek(quiet, 4);
    CHECK(take_until([this] { return got[quiet].size() == 16; }));
    CHECK(std::vector(got[quiet].begin() + 10, got[quiet].end())
          == std::vector<std::int64_t>{4, 5, 6, 7, 8, 9});
  }

  TEST_CASE_FIXTURE(short_pauses, "a pause ends after its time, while the backlog lasts") {
    CHECK(take_until([this] { return log.resumes() > 0; }));
    CHECK(std::ssize(got[full]) < backlog / 2);
  }

  // A partition that is held up sends no request, so no answer could end the pauses.
  TEST_CASE_FIXTURE(little_memory,
                    "pauses end at once when the partition with the backlog is held up") {
    REQUIRE(all_are_paused());
    const auto until = steady::now() + limit;
    while (pool().paused() > 0 && steady::now() < until)
      std::this_thread::yield();
    CHECK(pool().paused() == 0);
  }

  // Up to librdkafka 2.1 a broker's thread may sleep for a second.
  TEST_CASE_FIXTURE(long_pauses, "a broker without a request on the way is asked when pauses end") {
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

  // If a seek and a pause of one partition come at the same time, librdkafka drops one of them.
  TEST_CASE_FIXTURE(short_pauses,
                    "nothing is sought, closed or assigned while librdkafka pauses or resumes") {
    auto* at = &log.at_pause;
    SUBCASE("pauses") {}
    SUBCASE("resumes") {
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

  TEST_CASE_FIXTURE(long_pauses, "nothing is paused while the assignment changes") {
    REQUIRE(all_are_paused());
    const auto no_pauses = pool().without_pauses();
    CHECK(log.paused().empty());
  }

  // librdkafka drops a resume if a rebalance makes it pause the partition at the same time.
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

  // Until the end is reported again, librdkafka may still resume the partition on its own thread.
  TEST_CASE_FIXTURE(handled_backlog,
                    "after a rebalance a partition is paused only once its end is reported again") {
    REQUIRE(take_until([this] { return std::ssize(ends) == partitions; }));
    {
      const auto no_pauses = pool().without_pauses();
      make_librdkafka_pause_quiet_partitions();
    }
    seek(full, 0);
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }

  TEST_CASE_FIXTURE(ten_old_messages, "what librdkafka fetches again is dropped") {
    REQUIRE(take_until([this] { return got[quiet] == up_to(10); }));
    make_librdkafka_go_back(quiet, 4);
    produce(quiet, "news");
    flush();
    REQUIRE(take_until([this] { return got[quiet].size() > 10; }));
    CHECK(got[quiet] == up_to(11));
  }

  TEST_CASE_FIXTURE(long_pauses, "nothing is paused any more once the member leaves its group") {
    REQUIRE(all_are_paused());
    pool().end_pauses();
    CHECK(pool().paused() == 0);
    const auto pauses = log.pauses();
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == pauses);
  }

  // A long wait, for example at an open transaction, would delay the paused partitions.
  TEST_CASE_FIXTURE(patient_requests,
                    "nothing is paused where requests may wait for more than a second") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }

  TEST_CASE_FIXTURE(full_requests, "nothing is paused where requests wait for more than a byte") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }

  TEST_CASE_FIXTURE(few_partitions, "fewer than 16 quiet partitions are not paused") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }
}

TEST_SUITE("paused partitions" * doctest::timeout(120)
           * doctest::skip(!batches_skip_at_ends(rd_kafka_version()))) {
  TEST_CASE_FIXTURE(long_pauses, "nothing is paused where librdkafka skips messages at an end") {
    CHECK(backlog_is_taken());
    CHECK(log.pauses() == 0);
  }
}

// Partitions that are paused while another one has a backlog: see pause_plan.

#include <ottla/kafka/client/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/client/librdkafka/partition_list.hpp>
#include <ottla/kafka/embedded_cluster.hpp>

#include "kafka/client/raw_topic.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::int32_t partitions = 48;
constexpr int brokers = 2; // the first one leads the even partitions
constexpr std::int32_t quiet = 8;
constexpr std::int32_t full = 0;
constexpr std::int64_t backlog = 30'000;
constexpr auto limit = 20s;

raw_handle open_consumer(const std::string& brokers, const std::string& fetch_wait) {
  return open_raw(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers},
                                      {"group.id", "g"},
                                      {"enable.auto.commit", "false"},
                                      {"enable.partition.eof", "true"},
                                      {"fetch.wait.max.ms", fetch_wait},
                                      {"fetch.message.max.bytes", "65536"}});
}

/// A partition has a backlog of 150 batches; the others are empty.
class backlog_of_one {
public:
  explicit backlog_of_one(const std::string& fetch_wait = "100")
    : producer_{open_raw(RD_KAFKA_PRODUCER, {{"bootstrap.servers", cluster_.brokers()},
                                             {"batch.num.messages", "200"},
                                             {"linger.ms", "5"}})},
      native_{open_consumer(cluster_.brokers(), fetch_wait)} {
    for (std::int32_t each = 0; each < partitions; ++each)
      cluster_.move_leader("t", each, each % brokers + 1);
    rd_kafka_poll_set_consumer(native_.get());
    for (std::int64_t number = 0; number < backlog; ++number)
      produce(full, fmt::format("{:0100}", number));
    flush();
    pool_.emplace(native_.get(), fetches_, fetch_memory{});
    std::vector<position> begin;
    for (std::int32_t each = 0; each < partitions; ++each) {
      begin.push_back({{"t", each}, 0});
      queues_.push_back(queue_ref{rd_kafka_queue_get_partition(native_.get(), "t", each)});
      open(each);
    }
    REQUIRE(rd_kafka_assign(native_.get(), make_partition_list(begin).get())
            == RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  ~backlog_of_one() {
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
    while (rd_kafka_producev(
             producer_.get(), RD_KAFKA_V_TOPIC("t"), RD_KAFKA_V_PARTITION(partition),
             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
             RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()), RD_KAFKA_V_END)
           == RD_KAFKA_RESP_ERR__QUEUE_FULL)
      rd_kafka_poll(producer_.get(), 10);
  }

  void flush() { REQUIRE(rd_kafka_flush(producer_.get(), 20'000) == RD_KAFKA_RESP_ERR_NO_ERROR); }

  /// Takes what has come, for all partitions.
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
    most_paused = std::max(most_paused, pool_->paused());
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

  bool all_are_paused() {
    return take_until([this] { return pool_->paused() == partitions / brokers - 1; });
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

  fetch_pool& pool() { return *pool_; }
  embedded_cluster& cluster() { return cluster_; }

  std::map<std::int32_t, fetch_pool::inbox_ptr> inboxes;
  std::map<std::int32_t, std::vector<std::int64_t>> got;
  std::map<std::int32_t, std::vector<std::int64_t>> ends;
  std::size_t most_paused = 0;

private:
  embedded_cluster cluster_{{.brokers = brokers, .topics = {{"t", partitions}}}};
  raw_handle producer_;
  raw_handle native_;
  fetch_watch fetches_;
  std::vector<queue_ref> queues_;
  std::optional<fetch_pool> pool_;
};

struct patient_requests : backlog_of_one {
  patient_requests() : backlog_of_one{"1001"} {}
};

} // namespace

TEST_SUITE("paused partitions" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(backlog_of_one,
                    "quiet partitions are paused until the backlog is nearly taken") {
    CHECK(all_are_paused());
    CHECK(backlog_is_taken());
    CHECK(take_until([this] { return pool().paused() == 0; }));
    CHECK(got[full] == up_to(backlog));
  }

  TEST_CASE_FIXTURE(backlog_of_one, "a message for a paused partition comes, once") {
    REQUIRE(all_are_paused());
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
    REQUIRE(all_are_paused());
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

  TEST_CASE_FIXTURE(backlog_of_one, "the end of a partition is reported once, also after pauses") {
    REQUIRE(all_are_paused());
    REQUIRE(backlog_is_taken());
    REQUIRE(take_until([this] { return !ends[full].empty(); }));
    for (std::int32_t each = 1; each < partitions; ++each)
      CHECK(ends[each] == std::vector<std::int64_t>{0});
  }

  TEST_CASE_FIXTURE(backlog_of_one,
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
    produce(quiet, "news");
    flush();
    CHECK(take_until([this] { return !got[quiet].empty(); }));
    CHECK(got[quiet] == up_to(1));
  }

  TEST_CASE_FIXTURE(backlog_of_one, "a seek of a paused partition takes effect") {
    for (int i = 0; i < 10; ++i)
      produce(quiet, "old");
    flush();
    REQUIRE(all_are_paused());
    REQUIRE(got[quiet] == up_to(10));
    seek(quiet, 4);
    CHECK(take_until([this] { return got[quiet].size() == 16; }));
    CHECK(std::vector(got[quiet].begin() + 10, got[quiet].end())
          == std::vector<std::int64_t>{4, 5, 6, 7, 8, 9});
  }

  // A long wait, for example at an open transaction, would delay the paused partitions.
  TEST_CASE_FIXTURE(patient_requests,
                    "nothing is paused where requests may wait for more than a second") {
    CHECK(backlog_is_taken());
    CHECK(most_paused == 0);
  }
}

// What a group member does while its pool pauses partitions. See fetch_pool and pause_plan.
// librdkafka drops one of two concurrent operations on a partition. So a member does not change its
// assignment while the pool pauses or resumes partitions.

#include <ottla/kafka/internal/driver/librdkafka/batch_faults.hpp>

#include "kafka/internal/driver/cooperative_member.hpp"
#include "kafka/internal/driver/pause_log.hpp"
#include "kafka/internal/driver/raw_sender.hpp"

#include <functional>
#include <future>
#include <map>
#include <thread>
#include <utility>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr int brokers = 2;
constexpr std::int32_t partitions = 24; // of topic `busy`, all led by the first broker
constexpr std::int64_t backlog = 30'000;
const topic_partition backlogged{"busy", 0};
constexpr auto limit = 20s;
/// Enough for a call that returns at once. A call that is still blocked after this time counts as
/// waiting.
constexpr auto a_while = 200ms;

std::vector<std::string> topics(std::vector<std::string> all) {
  return all;
}

/// A cooperative member of a group. Partition 0 of the topic `busy` has a backlog. The other
/// partitions of `busy` are empty. The topic `idle` is empty, and is at another broker.
class member_with_backlog {
public:
  explicit member_with_backlog(std::chrono::milliseconds pause_time)
    : cluster_{{.brokers = brokers, .topics = {{"busy", partitions}, {"idle", 1}}}},
      producer_{cluster_.brokers(), "busy"} {
    for (std::int32_t each = 0; each < partitions; ++each)
      cluster_.move_leader("busy", each, 1);
    cluster_.move_leader("idle", 0, 2);
    for (std::int64_t number = 0; number < backlog; ++number)
      produce(backlogged.partition, std::string(100, 'v'));
    flush();
    who.emplace(open(pause_time));
  }

  ~member_with_backlog() {
    log.at_pause.open();
    log.at_resume.open();
    held.clear();
    who.reset();
    CHECK(await_reaped(limit) == 0); // the pool uses `log` until its handle is reaped
  }

  void produce(std::int32_t partition, const std::string& value) {
    producer_.send(partition, value);
  }
  void flush() { producer_.flush(); }

  /// Accepts an assignment. Partition 0 begins after its backlog.
  void accept(const assigned& offer) {
    auto from = all_at(offer.partitions, 0);
    for (auto& each : from)
      if (each.at == backlogged)
        each.offset = backlog;
    auto more = (*who)->assign(offer.answer, from);
    for (std::size_t index = 0; index < more.size(); ++index)
      held[offer.partitions[index]] = std::move(more[index]);
  }

  void join(const std::vector<std::string>& wanted) {
    (*who)->subscribe(wanted);
    accept(who->expect<assigned>());
    for (const auto& each : held) {
      CAPTURE(each.first.partition);
      REQUIRE(is_at_end(*each.second));
    }
  }

  /// Fetches the backlog until the pool's thread blocks at `at`, just before it pauses or resumes
  /// partitions.
  void fetch_backlog_until(gate& at) {
    at.shut();
    held.at(backlogged)->seek(0);
    for (const auto until = steady::now() + limit; !at.is_reached() && steady::now() < until;)
      std::this_thread::yield();
    REQUIRE(at.is_reached());
  }

  /// Checks that `call` returns only after the pool's thread has passed `at`.
  void check_waits_for_pool(gate& at, const std::function<void()>& call) {
    const auto done = std::async(std::launch::async, call);
    CHECK(done.wait_for(a_while) == std::future_status::timeout);
    at.open();
    CHECK(done.wait_for(limit) == std::future_status::ready);
  }

  /// Checks that each quiet partition delivers a new message.
  void check_news_come() {
    for (std::int32_t each = 1; each < partitions; ++each)
      produce(each, "news");
    flush();
    for (std::int32_t each = 1; each < partitions; ++each) {
      CAPTURE(each);
      CHECK(read(*held.at({"busy", each}), 1, limit) == std::vector<std::string>{"news"});
    }
  }

  pause_log log;
  std::optional<member> who;
  std::map<topic_partition, std::unique_ptr<partition_queue>> held;

private:
  // librdkafka drops a seek in a partition that has not started to fetch.
  static bool is_at_end(partition_queue& queue) {
    for (const auto until = steady::now() + limit; steady::now() < until;) {
      if (queue.take(1).end)
        return true;
      std::this_thread::yield();
    }
    return false;
  }

  std::variant<std::unique_ptr<consumer_handle>, error> open(std::chrono::milliseconds pause_time) {
    return open_cooperative_member(
      cluster_.brokers(), std::make_unique<interceptors>(destroy_messages), log.calls(pause_time));
  }

  embedded_cluster cluster_;
  raw_sender producer_;
};

struct long_pauses : member_with_backlog {
  long_pauses() : member_with_backlog{1h} {}
};

struct short_pauses : member_with_backlog {
  short_pauses() : member_with_backlog{1ms} {}
};

} // namespace

// Some versions of librdkafka pause nothing. See batches_skip_at_ends.
TEST_SUITE("pauses of a member" * doctest::timeout(120)
           * doctest::skip(batches_skip_at_ends(rd_kafka_version()))) {
  TEST_CASE_FIXTURE(short_pauses,
                    "a member accepts an assignment only after the pool has resumed partitions") {
    join(topics({"busy"}));
    fetch_backlog_until(log.at_resume);
    (*who)->subscribe(topics({"busy", "idle"}));
    const auto more = who->expect<assigned>();
    check_waits_for_pool(log.at_resume, [&] { accept(more); });
    check_news_come();
  }

  TEST_CASE_FIXTURE(
    short_pauses,
    "a member gives partitions back only after the pool has resumed other partitions") {
    join(topics({"busy", "idle"}));
    // Closing a partition also waits for the pool, so close `idle` now, as an ended worker does.
    held.erase({"idle", 0});
    fetch_backlog_until(log.at_resume);
    (*who)->subscribe(topics({"busy"}));
    const auto back = who->expect<revoked>();
    REQUIRE(back.partitions == std::vector<topic_partition>{{"idle", 0}});
    check_waits_for_pool(log.at_resume, [&] { (*who)->unassign(back.answer, back.partitions); });
    check_news_come();
  }

  TEST_CASE_FIXTURE(long_pauses, "a member leaves only after the pool's pause call has returned") {
    join(topics({"busy"}));
    fetch_backlog_until(log.at_pause);
    check_waits_for_pool(log.at_pause, [&] { (*who)->close(); });
    CHECK(log.paused().empty());
    const auto pauses = log.pauses();
    const auto back = who->expect<revoked>();
    (*who)->unassign(back.answer, back.partitions);
    who->expect<closed>();
    CHECK(log.pauses() == pauses);
  }

  // The destructor needs no synchronization of its own. Closing a partition resumes the partition,
  // and the pool does not pause it again.
  TEST_CASE_FIXTURE(long_pauses,
                    "a destroyed member leaves only after the pool's pause call has returned") {
    join(topics({"busy"}));
    fetch_backlog_until(log.at_pause);
    check_waits_for_pool(log.at_pause, [&] { who.reset(); });
    CHECK(log.paused().empty());
    const auto pauses = log.pauses();
    CHECK(await_reaped(limit) == 0);
    CHECK(log.pauses() == pauses);
  }

  TEST_CASE_FIXTURE(long_pauses, "a partition that was closed at its end is not paused later") {
    join(topics({"busy"}));
    std::erase_if(held, [](const auto& each) { return each.first != backlogged; });
    held.at(backlogged)->seek(0);
    CHECK(std::ssize(read(*held.at(backlogged), backlog, limit, 1'000)) == backlog);
    CHECK(log.pauses() == 0);
  }
}

// Measures what commits cost members of a cooperative group while other members join again and
// again. Each member commits like the group's coordinator, but a thousand times a second, so that
// each join meets a commit. docs/results/cooperative_joins.md has the figures of a longer run.

#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>

#include "broker.hpp"
#include "support/long_run.hpp"

#include <atomic>
#include <map>
#include <thread>
#include <utility>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr auto commit_pause = 1ms;
constexpr int groups = 3;
constexpr int residents = 3;

/// Counters over the members of all groups.
struct tally {
  /// Assignments, except each member's first.
  std::atomic<int> joins = 0;
  std::atomic<int> losses = 0;
  std::atomic<int> commits = 0;
  /// Commits that the broker rejected because of a stale generation.
  std::atomic<int> refused = 0;
  /// Assignments without a generation. The member recovers by joining again.
  std::atomic<int> without_generation = 0;
  /// Longest time from a loss of partitions to the next assignment of partitions.
  std::atomic<std::chrono::milliseconds> longest_loss = 0ms;
  /// Members that lost their partitions and still have none.
  std::atomic<int> without_partitions = 0;

  void note_loss_over(std::chrono::milliseconds took) {
    for (auto longest = longest_loss.load();
         took > longest && !longest_loss.compare_exchange_weak(longest, took);) {
    }
    --without_partitions;
  }
};

/// Commits all its partitions again and again, one commit at a time.
class busy_member {
public:
  busy_member(driver& of, const consumer_handle_settings& how, const std::string& topic,
              tally& seen)
    : seen_{seen}, consumer_{std::get<std::unique_ptr<consumer_handle>>(of.open_consumer(how))} {
    consumer_->wake_on_event(wakes_.hand_out());
    consumer_->subscribe(std::vector{topic});
  }
  ~busy_member() { consumer_->wake_on_event({}); }
  busy_member(const busy_member&) = delete;
  busy_member& operator=(const busy_member&) = delete;

  bool has_partitions() const { return !holds_.empty(); }

  void work(steady::time_point until) {
    while (auto event = consumer_->next_event())
      std::visit([this](const auto& what) { handle(what); }, *event);
    const bool may_commit = !closing_ && !in_flight_ && has_partitions();
    if (may_commit && steady::now() >= next_commit_)
      commit_all();
    wakes_.wait(may_commit ? std::min(until, next_commit_) : until);
  }

  void close() {
    closing_ = true;
    consumer_->close();
    for (const auto until = steady::now() + 20s; !closed_ && steady::now() < until;)
      work(steady::now() + 20ms);
    if (lost_at_)
      --seen_.without_partitions;
  }

private:
  void handle(const assigned& event) {
    if (was_assigned_)
      ++seen_.joins;
    was_assigned_ = true;
    if (event.generation < 0)
      ++seen_.without_generation;
    auto queues = consumer_->assign(event.answer, all_at(event.partitions, 0));
    for (std::size_t i = 0; i < queues.size(); ++i)
      holds_[event.partitions[i]] = std::move(queues[i]);
    if (event.partitions.empty())
      return;
    if (const auto since = std::exchange(lost_at_, std::nullopt))
      seen_.note_loss_over(std::chrono::floor<std::chrono::milliseconds>(steady::now() - *since));
    if (!in_flight_ && !closing_)
      commit_all(); // like the coordinator, which commits where new partitions begin
  }

  void handle(const revoked& event) {
    if (event.lost) {
      ++seen_.losses;
      if (!lost_at_)
        ++seen_.without_partitions;
      lost_at_ = steady::now();
    }
    if (event.lost || event.partitions.empty()) {
      give_back(event);
      return;
    }
    giving_back_ = event;
    last_commit_ = commit(event.partitions);
  }

  void handle(const committed& event) {
    if (last_commit_ == event.asked) {
      last_commit_.reset();
      give_back(*std::exchange(giving_back_, std::nullopt));
    }
    if (in_flight_ == event.asked) {
      in_flight_.reset();
      next_commit_ = steady::now() + commit_pause;
    }
    const auto failed = event.failed ? event.failed : event.positions.front().failed;
    if (failed && failed->code == errc::fenced)
      ++seen_.refused;
  }

  void handle(const closed&) { closed_ = true; }
  template <class Other>
  void handle(const Other&) {}

  void give_back(const revoked& event) {
    for (const auto& one : event.partitions)
      holds_.erase(one);
    consumer_->unassign(event.answer, event.partitions);
  }

  void commit_all() {
    std::vector<topic_partition> all;
    for (const auto& [where, queue] : holds_)
      all.push_back(where);
    in_flight_ = commit(all);
  }

  token commit(const std::vector<topic_partition>& of) {
    ++seen_.commits;
    return consumer_->commit(all_at(of, ++offset_));
  }

  tally& seen_;
  wake_counter wakes_; // outlives the consumer
  std::unique_ptr<consumer_handle> consumer_;
  std::map<topic_partition, std::unique_ptr<partition_queue>> holds_;
  std::optional<token> in_flight_;
  std::optional<token> last_commit_;
  std::optional<revoked> giving_back_;
  std::optional<steady::time_point> lost_at_;
  steady::time_point next_commit_ = steady::now();
  std::int64_t offset_ = 0;
  bool was_assigned_ = false;
  bool closing_ = false;
  bool closed_ = false;
};

/// A member that joins, works for a while and leaves, `rounds` times.
void come_and_go(driver& kafka, const consumer_handle_settings& how, const std::string& topic,
                 int rounds, tally& seen) {
  for (int round = 0; round < rounds; ++round) {
    busy_member guest{kafka, how, topic, seen};
    for (const auto until = steady::now() + 60s; !guest.has_partitions() && steady::now() < until;)
      guest.work(steady::now() + 20ms);
    for (const auto stays = steady::now() + 2s; steady::now() < stays;)
      guest.work(steady::now() + 20ms);
    guest.close();
  }
}

} // namespace

TEST_SUITE("busy joins" * doctest::timeout(900)) {
  TEST_CASE(
    "cooperative members that commit during joins rarely lose partitions, and soon recover them") {
    const int rounds = ottla::test::long_run() ? 40 : 6;
    const auto kafka = make_librdkafka_driver({.brokers = brokers()});
    tally seen;
    std::atomic<int> guests = groups;
    std::vector<std::thread> all;
    for (int group = 0; group < groups; ++group) {
      const auto topic = fresh_topic("busy-joins", 8);
      auto how = quick(topic);
      how.strategy = assignor::cooperative_sticky;
      how.session_timeout = 30s;
      for (int i = 0; i < residents; ++i)
        all.emplace_back([=, &seen, &guests] {
          busy_member resident{*kafka, how, topic, seen};
          while (guests > 0)
            resident.work(steady::now() + 20ms);
          for (const auto until = steady::now() + 15s;
               seen.without_partitions > 0 && steady::now() < until;)
            resident.work(steady::now() + 20ms);
          resident.close();
        });
      all.emplace_back([=, &seen, &guests] {
        come_and_go(*kafka, how, topic, rounds, seen);
        --guests;
      });
    }
    for (auto& one : all)
      one.join();
    const auto figures
      = fmt::format("{} joins, {} lost, {} commits, {} refused, {} without a generation; without "
                    "partitions for {} ms at most",
                    seen.joins.load(), seen.losses.load(), seen.commits.load(), seen.refused.load(),
                    seen.without_generation.load(), seen.longest_loss.load().count());
    MESSAGE(figures);
    CHECK(seen.joins >= 5 * rounds);
    // Without the waits in commits.hpp, one join in 30 lost partitions.
    CHECK(seen.losses <= 2 + seen.joins / 100);
    CHECK(seen.without_partitions == 0);
    CHECK(seen.longest_loss.load() < 10s);
  }
}

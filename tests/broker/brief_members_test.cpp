// Whole applications that stop soon after their start, next to a member that stays. Each
// application is a cooperative member. If an application does not leave its group, its partitions
// have no owner until its session times out. docs/results/cooperative_joins.md has the figures.

#include "broker/group_application.hpp"
#include "kafka/internal/driver/group_view.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr int groups = 4;
constexpr int applications = 40;
constexpr std::int32_t partitions = 4;
/// The applications stop from 0 to 3.9 s after their starts.
constexpr auto step = 100ms;

/// Lets real time pass, because only brokers act during this time. No message can end the wait.
void pass(steady::time_point until) {
  std::promise<void> never;
  never.get_future().wait_until(until);
}

/// How an application stopped, and how long the resident needed to own all partitions again.
struct brief_stop {
  std::chrono::milliseconds after = 0ms;
  stop_report report = {};
  /// Whether the application was assigned partitions before its stop.
  bool had_partitions = false;
  /// Time from the end of the stop until the resident is the only member and owns all partitions.
  /// nullopt if this takes longer than `settles_within`.
  std::optional<std::chrono::milliseconds> settled = std::nullopt;

  static constexpr std::chrono::milliseconds settles_within{20'000};

  bool left_in_order() const { return static_cast<bool>(report); }
};

/// A group with one member that stays, the resident. Other applications join and stop one after the
/// other.
class resident_group {
public:
  resident_group() : resident_{member_of(consumer(), seen_)} {}

  bool is_ready() const { return seen_->wait_to_hold(partitions) && settle(60s).has_value(); }

  brief_stop start_and_stop(std::chrono::milliseconds after) const {
    brief_stop how{.after = after};
    const auto seen = std::make_shared<deliveries>();
    const auto begin = steady::now();
    application brief{member_of(consumer(), seen)};
    // Each application stops at another moment of its join, so the test must wait for real time.
    pass(begin + after);
    how.had_partitions = !seen->holds().empty();
    how.report = brief.stop();
    how.settled = settle(brief_stop::settles_within);
    return how;
  }

  bool is_alone() const { return settle(brief_stop::settles_within).has_value(); }
  int losses() const { return seen_->losses(); }
  stop_report stop() { return resident_.stop(); }

private:
  group_consumer consumer() const {
    auto how = quick_consumer(topic_, std::make_shared<deliveries>());
    how.strategy = assignor::cooperative_sticky;
    how.session_timeout = 45s;
    return how;
  }

  /// Time until the resident is the only member and owns all partitions. nullopt if longer than
  /// `within`.
  std::optional<std::chrono::milliseconds> settle(std::chrono::milliseconds within) const {
    constexpr auto pause = 50ms;
    const auto begin = steady::now();
    for (;;) {
      if (seen_->holds().size() == partitions && group_.has_settled_on_one_member()
          && seen_->holds().size() == partitions)
        return std::chrono::floor<std::chrono::milliseconds>(steady::now() - begin);
      if (steady::now() - begin >= within)
        return std::nullopt;
      // Polling without a pause would keep the broker busy.
      pass(steady::now() + pause);
    }
  }

  std::string topic_ = fresh_topic("brief", partitions);
  group_view group_{brokers(), topic_};
  std::shared_ptr<deliveries> seen_ = std::make_shared<deliveries>();
  application resident_;
};

std::string describe(const brief_stop& one) {
  return fmt::format("after {} ms: {}, {}", one.after.count(),
                     one.settled ? fmt::format("settled in {} ms", one.settled->count())
                                 : "not settled",
                     fmt::join(one.report.unfinished, "; "));
}

} // namespace

TEST_SUITE("brief members" * doctest::timeout(500)) {
  TEST_CASE("a cooperative application leaves its group even if it stops soon after its start") {
    std::vector<std::unique_ptr<resident_group>> all;
    for (int group = 0; group < groups; ++group) {
      all.push_back(std::make_unique<resident_group>());
      REQUIRE(all.back()->is_ready());
    }
    std::vector<brief_stop> stops(applications);
    {
      std::vector<std::jthread> threads;
      for (int group = 0; group < groups; ++group)
        threads.emplace_back([&, group] {
          // A member that did not leave stays in the group for 45 s, so later rounds detect it.
          for (int number = group; number < applications; number += groups)
            stops.at(static_cast<std::size_t>(number))
              = all.at(static_cast<std::size_t>(group))->start_and_stop(number * step);
        });
    }
    std::size_t in_order = 0;
    std::size_t with_partitions = 0;
    auto longest = 0ms;
    for (const auto& one : stops) {
      const auto text = describe(one);
      CAPTURE(text);
      CHECK(one.settled.has_value());
      CHECK(one.report.killed.empty());
      CHECK(one.report.left.empty());
      in_order += one.left_in_order() ? 1 : 0;
      with_partitions += one.had_partitions ? 1 : 0;
      longest = std::max(longest, one.settled.value_or(brief_stop::settles_within));
      if (!one.left_in_order())
        MESSAGE(text);
    }
    MESSAGE("of " << applications << " applications " << in_order << " left in order, "
                  << with_partitions << " had partitions before their stop; the resident had all "
                  << "partitions again after " << longest.count() << " ms at most");
    // Some applications stop before their first assignment, others after it.
    CHECK(with_partitions > 0);
    CHECK(with_partitions < applications);
    // Handles of the last applications may be reaped late.
    CHECK(await_reaped(30s) == 0);
    for (const auto& one : all) {
      CHECK(one->is_alone());
      CHECK(one->losses() == 0);
      CHECK(one->stop());
    }
  }
}

#pragma once

#include "broker/account.hpp"
#include "broker/feeder.hpp"
#include "broker/member_process.hpp"
#include "broker/own_cluster.hpp"

#include <cstdint>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace ottla::kafka::test {

/// Parameters of one chaos run.
struct chaos_plan {
  std::string brokers;
  std::int16_t replicas = 1;
  std::string assignor;
  /// A multiple of the number of partitions.
  std::int64_t messages = 102'000;
  /// Number of events, spread evenly over the messages. If 1, the event is a kill of a member.
  int events = 1;
  std::uint32_t seed = 0;
  /// One of these nodes is killed after a third of the events, and restarted after two thirds.
  own_cluster* nodes = nullptr;
};

/// Numbered messages flow to a group of three processes while members join, leave and are killed.
/// The run ends after all messages were handled and all members have left.
class chaos {
public:
  static constexpr std::int32_t partitions = 12;

  explicit chaos(chaos_plan plan)
    : plan_{std::move(plan)},
      topic_{fresh_topic("chaos", partitions, plan_.replicas, plan_.brokers)},
      feed_{plan_.brokers, topic_, partitions},
      dice_{plan_.seed} {}

  /// Returns the account of the members' reports. Accounts for each message of the log.
  account run() {
    for (int i = 0; i < usual_members; ++i)
      join();
    feed_.send(chunk);
    feed_.await_stored();
    REQUIRE_MESSAGE(log_->wait_to_share(partitions, usual_members, patience), standstill());
    int happened = 0;
    while (fed() < plan_.messages) {
      // The feeder stays only a little ahead, so that all members are busy when an event happens.
      REQUIRE_MESSAGE(log_->wait_for_handled(fed() - ahead, patience), standstill());
      feed_.send(static_cast<std::size_t>(std::min(chunk, (plan_.messages - fed()) / partitions)));
      if (happened < plan_.events
          && log_->handled() >= plan_.messages * (happened + 1) / (plan_.events + 1))
        happen(happened++);
      feed_.await_stored();
    }
    REQUIRE_MESSAGE(log_->wait_for_handled(plan_.messages, patience), standstill());
    CHECK(happened == plan_.events);
    for (auto& one : members_)
      one->ask_to_stop();
    for (auto& one : members_)
      CHECK(one->wait() == 0);
    members_.clear();
    if (plan_.nodes != nullptr)
      CHECK(plan_.nodes->is_back());
    check_commits();
    return accountant{log_->lines(), partitions, each()}.settle();
  }

  /// Writes all lines of all members to chaos-ASSIGNOR.log, each with member, time and event.
  void write_log() const {
    std::ofstream to{fmt::format("chaos-{}.log", plan_.assignor)};
    for (const auto& line : log_->lines())
      to << line.member << ' ' << to_text(line) << '\n';
  }

  /// The events that happened, one line each.
  const std::vector<std::string>& events() const noexcept { return told_; }

private:
  static constexpr int usual_members = 3;
  static constexpr std::int64_t chunk = 250; ///< messages per partition at a time
  static constexpr std::int64_t ahead = 2 * chunk * partitions;
  static constexpr std::chrono::milliseconds patience = 120s;

  std::int64_t each() const { return plan_.messages / partitions; }
  std::int64_t fed() const { return static_cast<std::int64_t>(feed_.fed()) * partitions; }

  void join() {
    members_.push_back(std::make_unique<member_process>(
      ++last_member_, std::vector{plan_.brokers, topic_, topic_, plan_.assignor}, log_));
  }

  /// Removes a random member from the list. The caller ends the member.
  std::unique_ptr<member_process> pick() {
    const auto which = std::uniform_int_distribution<std::size_t>{0, members_.size() - 1}(dice_);
    auto one = std::move(members_[which]);
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(which));
    return one;
  }

  void happen(int number) {
    if (plan_.nodes != nullptr && number == plan_.events / 3) {
      const auto node = std::uniform_int_distribution{1, 3}(dice_);
      plan_.nodes->kill(node);
      tell(fmt::format("broker {} is killed", node));
    } else if (plan_.nodes != nullptr && number == plan_.events * 2 / 3) {
      plan_.nodes->bring_back();
      tell("the broker comes back");
    } else if (const auto lot = std::uniform_int_distribution{0, 3}(dice_);
               plan_.events == 1 || lot < 2) {
      auto one = pick();
      one->kill();
      join();
      tell(fmt::format("member {} is killed, {} joins", one->number(), last_member_));
    } else if (lot == 2 && members_.size() < usual_members + 2) {
      join();
      tell(fmt::format("member {} joins", last_member_));
    } else {
      auto one = pick();
      one->ask_to_stop();
      CHECK(one->wait() == 0);
      if (members_.size() < 2)
        join();
      tell(fmt::format("member {} leaves", one->number()));
    }
  }

  void tell(const std::string& what) {
    told_.push_back(fmt::format("at {:>9}: {}", log_->handled(), what));
  }

  std::string standstill() const {
    write_log();
    return fmt::format("no progress: {} of {} messages, {} fed; {}", log_->handled(),
                       plan_.messages, fed(), fmt::join(told_, "; "));
  }

  void check_commits() const {
    for (const auto& one : standing(topic_, partitions_of(topic_, partitions), plan_.brokers)) {
      CHECK(one.log_end == each());
      CHECK(one.offset == one.log_end);
    }
  }

  const chaos_plan plan_;
  const std::string topic_;
  feeder feed_;
  std::mt19937 dice_;
  const std::shared_ptr<member_log> log_ = std::make_shared<member_log>();
  std::vector<std::unique_ptr<member_process>> members_;
  int last_member_ = 0;
  std::vector<std::string> told_;
};

} // namespace ottla::kafka::test

#include "simulated_cluster.hpp"

#include <ottla/kafka/admin/topic_info.hpp>

#include "simulated_queue.hpp"

#include <algorithm>

namespace ottla::kafka::simulation {

namespace {

const std::vector<std::string> topic_names{"a", "b"};

} // namespace

simulated_cluster::simulated_cluster(scene& on) : on_{on}, group_{*this} {
  for (std::size_t topic = 0; topic < on_.how.topics; ++topic)
    for (std::int32_t partition = 0; partition < on_.how.partitions; ++partition)
      logs_.try_emplace({topic_names[topic], partition});
}

void simulated_cluster::begin() {
  if (!on_.how.foreign_commits)
    return;
  for (const auto& which : partitions()) {
    append(which, 5);
    begin_transaction(which, on_.within(20, 2'000));
    append(which, 5);
    group_.commit_before(which, logs_.at(which).end() - on_.random.between(0, 4));
  }
}

std::vector<topic_partition> simulated_cluster::partitions() const {
  std::vector<topic_partition> all;
  for (const auto& [which, log] : logs_)
    all.push_back(which);
  return all;
}

std::vector<std::string> simulated_cluster::topics() const {
  return {topic_names.begin(), topic_names.begin() + static_cast<std::ptrdiff_t>(on_.how.topics)};
}

std::vector<topic_info> simulated_cluster::describe(const std::vector<std::string>& topics) const {
  std::vector<topic_info> known;
  for (const auto& topic : topics) {
    const auto count
      = std::ranges::count_if(logs_, [&](const auto& one) { return one.first.topic == topic; });
    if (count > 0)
      known.push_back({topic, static_cast<std::int32_t>(count)});
  }
  return known;
}

void simulated_cluster::append(const topic_partition& to, std::size_t count) {
  auto& log = logs_.at(to);
  for (; count > 0; --count) {
    if (on_.mishap(on_.how.gaps))
      log.skip(on_.random.between(1, 6));
    log.append(++last_serial_, fmt::format("k{}", on_.random.below(3)));
  }
  if (on_.mishap(on_.how.markers))
    log.skip(on_.random.between(1, 3));
  on_.log.line("     append {} up to {}", to_string(to), log.end());
  tell_watchers(to);
}

void simulated_cluster::age(const topic_partition& which) {
  auto& log = logs_.at(which);
  log.retain_from(on_.random.between(log.begin(), log.end()));
  on_.log.line("     {} now begins at {}", to_string(which), log.begin());
}

void simulated_cluster::compact(const topic_partition& which) {
  auto& log = logs_.at(which);
  for (auto left = log.entries().size() / 3; left > 0; --left)
    log.remove(on_.random.below(log.entries().size()));
  on_.log.line("     {} is compacted to {} records", to_string(which), log.entries().size());
}

void simulated_cluster::truncate(const topic_partition& which) {
  auto& log = logs_.at(which);
  log.truncate(log.end() - on_.random.between(1, 8));
  on_.log.line("     {} is truncated to {}", to_string(which), log.end());
  // Consumers check the leader epoch, so a consumer beyond the new end sees the truncation at once.
  tell_watchers(which);
}

void simulated_cluster::grow() {
  const auto topic = topic_names[on_.random.below(on_.how.topics)];
  const auto next = describe({topic}).front().partitions;
  logs_.try_emplace({topic, next});
  for (std::size_t member = 0; member < on_.how.members; ++member)
    if (on_.checks.holds(member, {topic, 0}))
      on_.newer.insert({member, {topic, next}});
  on_.log.line("     {}/{} is new", topic, next);
  group_.rebalance("a new partition");
}

void simulated_cluster::begin_transaction(const topic_partition& in, moment how_long) {
  auto& log = logs_.at(in);
  if (log.stable_end() != log.end())
    return;
  log.begin_transaction();
  on_.log.line("     a transaction begins in {} at {}", to_string(in), log.end());
  on_.clock.after(how_long, [this, in] {
    if (!on_.calm)
      end_transaction(in);
  });
}

void simulated_cluster::end_transaction(const topic_partition& in) {
  auto& log = logs_.at(in);
  log.end_transaction(on_.random.chance(500));
  on_.log.line("     transactions of {} end, the log ends at {}", to_string(in), log.end());
  tell_watchers(in);
}

void simulated_cluster::end_with_marker(const topic_partition& which) {
  logs_.at(which).skip(on_.random.between(1, 3));
  tell_watchers(which);
}

void simulated_cluster::cut_off(std::size_t member, bool on) {
  if (on)
    cut_off_.insert(member);
  else
    cut_off_.erase(member);
}

void simulated_cluster::watch(const topic_partition& what,
                              const std::shared_ptr<fetch_state>& who) {
  auto& all = watchers_[what];
  std::erase_if(all, [](const auto& one) { return one.expired(); });
  all.push_back(who);
}

std::optional<std::size_t> simulated_cluster::refuse_fetch(const topic_partition& which) {
  for (const auto& one : watchers_[which])
    if (const auto state = one.lock(); state && state->refuse())
      return state->member();
  return std::nullopt;
}

void simulated_cluster::tell_watchers(const topic_partition& of) {
  for (const auto& one : watchers_[of])
    if (const auto state = one.lock())
      state->fetch_if_idle();
}

} // namespace ottla::kafka::simulation

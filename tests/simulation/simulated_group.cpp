#include "simulated_group.hpp"

#include "simulated_cluster.hpp"
#include "simulated_membership.hpp"

#include <algorithm>

namespace ottla::kafka::simulation {

namespace {

using namespace std::chrono_literals;

} // namespace

simulated_group::simulated_group(simulated_cluster& of) : of_{of}, on_{of.on()} {}

void simulated_group::begin() {
  drop_silent();
}

simulated_group::member_id simulated_group::join(const std::shared_ptr<membership>& who,
                                                 member_id known,
                                                 const std::set<topic_partition>& claims) {
  const auto id = seats_.contains(known) ? known : ++last_id_;
  rebalance(fmt::format("m{} joins", who->member()));
  seats_[id] = {who, claims, on_.clock.now(), true};
  complete_soon();
  return id;
}

void simulated_group::leave(member_id who) {
  if (seats_.erase(who) == 0)
    return;
  on_.log.line("     member {} left the group", who);
  rebalance("a member left");
  complete_soon();
}

simulated_group::health simulated_group::hear(member_id who) {
  const auto found = seats_.find(who);
  if (found == seats_.end())
    return health::unknown;
  found->second.heard = on_.clock.now();
  return joining_ && !found->second.joined ? health::rebalancing : health::fine;
}

void simulated_group::rebalance(const std::string& why) {
  if (joining_)
    return;
  on_.log.line("     the group rebalances: {}", why);
  joining_ = true;
  for (auto& [id, seat] : seats_)
    seat.joined = false;
  on_.clock.after(on_.how.max_poll_interval, [this, round = ++round_] {
    if (!joining_ || round != round_)
      return;
    std::erase_if(seats_, [&](const auto& one) {
      if (!one.second.joined)
        on_.log.line("     member {} is evicted: it did not rejoin", one.first);
      return !one.second.joined;
    });
    complete();
  });
}

void simulated_group::complete_soon() {
  on_.clock.after(on_.within(0, 40), [this, round = round_] {
    const bool all = std::ranges::all_of(seats_, [](const auto& one) { return one.second.joined; });
    if (joining_ && round == round_ && all)
      complete();
  });
}

void simulated_group::complete() {
  joining_ = false;
  if (seats_.empty())
    return;
  ++generation_;
  const auto mine = deal();
  for (auto& [id, seat] : seats_) {
    seat.heard = on_.clock.now();
    if (const auto who = seat.who.lock())
      who->sync(generation_, mine.at(id));
  }
}

void simulated_group::drop_silent() {
  on_.clock.after(50ms, [this] { drop_silent(); });
  std::vector<member_id> silent;
  for (const auto& [id, seat] : seats_)
    if (!(joining_ && seat.joined)
        && on_.clock.now() - seat.heard >= moment{on_.how.session_timeout})
      silent.push_back(id);
  for (const auto id : silent) {
    on_.log.line("     member {} is evicted: it was silent", id);
    leave(id);
  }
}

simulated_group::shares simulated_group::deal() const {
  shares mine;
  for (const auto& [id, seat] : seats_)
    mine[id];
  const auto all = of_.partitions();
  const auto quota = (all.size() + seats_.size() - 1) / seats_.size();
  std::map<topic_partition, member_id> kept;
  for (const auto& [id, seat] : seats_)
    for (const auto& claim : seat.claims)
      kept.try_emplace(claim, id);
  shares target = mine;
  for (const auto& [what, who] : kept)
    if (target[who].size() < quota && !on_.mishap(on_.how.scattered_assignments / 10))
      target[who].insert(what);
  for (const auto& what : all) {
    const auto keeper = kept.find(what);
    if (keeper != kept.end() && target[keeper->second].contains(what)) {
      mine[keeper->second].insert(what);
      continue;
    }
    const auto taker = taker_of(target, quota);
    target[taker].insert(what);
    // The current owner must give the partition back first, and join again.
    if (keeper == kept.end())
      mine[taker].insert(what);
  }
  return mine;
}

simulated_group::member_id simulated_group::taker_of(const shares& so_far,
                                                     std::size_t quota) const {
  std::vector<member_id> open;
  for (const auto& [id, share] : so_far)
    if (share.size() < quota)
      open.push_back(id);
  if (open.empty() || on_.mishap(on_.how.scattered_assignments)) {
    open.clear();
    for (const auto& [id, share] : so_far)
      open.push_back(id);
    return on_.random.one_of(open);
  }
  return open.front();
}

std::optional<error> simulated_group::commit(member_id who, std::int32_t generation,
                                             std::span<const position> next) {
  if (!seats_.contains(who))
    return error{.code = errc::fenced, .text = "unknown member"};
  if (generation != generation_)
    return error{.code = errc::fenced, .text = "illegal generation"};
  if (joining_ && on_.mishap(on_.how.refused_commits))
    return error{
      .code = errc::rebalance_in_progress, .retriable = true, .text = "rebalance in progress"};
  for (const auto& one : next)
    committed_[one.at] = one.offset;
  return std::nullopt;
}

std::optional<std::int64_t> simulated_group::committed(const topic_partition& of) const {
  const auto found = committed_.find(of);
  return found == committed_.end() ? std::nullopt : std::optional{found->second};
}

bool simulated_group::has_committed(const std::string& topic) const {
  return std::ranges::any_of(committed_, [&](const auto& one) { return one.first.topic == topic; });
}

} // namespace ottla::kafka::simulation

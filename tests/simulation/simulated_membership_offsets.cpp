// The part of a membership that commits offsets and resolves first offsets.

#include "simulated_membership.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ottla::kafka::simulation {

token membership::commit(std::span<const position> next) {
  const auto asked = ++last_token_;
  std::vector<position> positions{next.begin(), next.end()};
  for (const auto& one : next) {
    on_.log.line("m{}   commits {} at {}", member_, to_string(one.at), one.offset);
    on_.checks.commit_asked(member_, one.at, one.offset);
  }
  commits_.emplace(asked, positions);
  // Commits keep the order of their requests, as over one connection.
  last_apply_ = std::max(
    last_apply_,
    on_.clock.now() + (on_.mishap(on_.how.slow_commits) ? on_.within(100, 2'500) : on_.latency()));
  on_.clock.after(last_apply_ - on_.clock.now(),
                  [self = shared_from_this(), asked, id = id_, generation = generation_,
                   positions = std::move(positions)]() mutable {
                    self->apply_commit(asked, id, generation, std::move(positions));
                  });
  return asked;
}

void membership::apply_commit(token asked, simulated_group::member_id id, std::int32_t generation,
                              std::vector<position> next) {
  if (!commits_.contains(asked))
    return;
  if (!reaches_group()) {
    answer_commit(asked, std::move(next),
                  error{.code = errc::timed_out, .retriable = true, .text = "simulated"});
    return;
  }
  if (on_.mishap(on_.how.failed_commits)) {
    const error why{.code = errc::other, .retriable = true, .text = "simulated"};
    if (on_.random.chance(500)) {
      answer_commit(asked, std::move(next), why);
      return;
    }
    // Only one of the partitions fails.
    auto& unlucky = next[on_.random.below(next.size())];
    unlucky.failed = why;
  }
  std::vector<position> good;
  std::ranges::copy_if(next, std::back_inserter(good),
                       [](const position& one) { return !one.failed; });
  auto failed = of_.group().commit(id, generation, good);
  for (const auto& one : good) {
    on_.log.line("m{}   commit of {} at {}: {}", member_, to_string(one.at), one.offset,
                 failed ? failed->text : "stored");
    if (!failed)
      on_.checks.commit_stored(member_, one.at, one.offset);
  }
  if (!failed && on_.mishap(on_.how.lost_commit_answers))
    failed = error{.code = errc::timed_out, .retriable = true, .text = "the answer was lost"};
  answer_commit(asked, std::move(next), std::move(failed));
}

void membership::answer_commit(token asked, std::vector<position> next,
                               std::optional<error> failed) {
  last_answer_ = std::max(last_answer_, on_.clock.now() + on_.latency());
  on_.clock.after(
    last_answer_ - on_.clock.now(),
    [weak = weak_from_this(), asked, next = std::move(next), failed = std::move(failed)]() mutable {
      const auto self = weak.lock();
      if (!self || self->departed_ || self->commits_.erase(asked) == 0)
        return;
      const bool unknown = failed && failed->text == "unknown member";
      self->push(
        committed{.asked = asked, .positions = std::move(next), .failed = std::move(failed)});
      if (unknown && !self->joining_ && !self->closed_)
        self->lose("a commit was rejected");
    });
}

std::int64_t membership::offset_of(const topic_partition& which, const begin_offset& rule) const {
  const auto& log = of_.log(which);
  if (const auto* number = std::get_if<at_offset>(&rule))
    return number->offset;
  return std::holds_alternative<latest>(rule) ? log.stable_end() : log.begin();
}

beginning membership::begin_of(const topic_partition& which, const beginning_rules& rules) const {
  if (!of_.reachable(member_) || on_.mishap(on_.how.failed_resolves))
    return {.at = which,
            .failed = error{.code = errc::timed_out, .retriable = true, .text = "simulated"}};
  const auto& log = of_.log(which);
  const auto stored = of_.group().committed(which);
  const group_state group{.committed = stored.value_or(-1),
                          .first_partitions = of_.group().has_committed(which.topic)
                                                ? std::optional{on_.how.partitions}
                                                : std::nullopt};
  const log_range range{.low = log.begin(), .high = log.end()};
  auto at
    = begin_at(which, group, range, offset_of(which, first_choice(which, group, rules.otherwise)));
  if (at.missing)
    begin_instead(at, offset_of(which, rules.when_missing));
  on_.checks.resolved(member_, at, {.low = log.begin(), .high = log.end()},
                      group.first_partitions && which.partition >= on_.how.partitions);
  return at;
}

token membership::resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                          begin_offset when_missing) {
  const auto asked = ++last_token_;
  const auto delay = of_.reachable(member_) ? on_.latency() : on_.within(100, 800);
  on_.clock.after(delay, [weak = weak_from_this(), asked,
                          rules = beginning_rules{otherwise, when_missing},
                          which = std::vector(partitions.begin(), partitions.end())] {
    const auto self = weak.lock();
    if (!self || self->departed_)
      return;
    resolved answer{.asked = asked};
    for (const auto& one : which) {
      answer.beginnings.push_back(self->begin_of(one, rules));
      const auto& at = answer.beginnings.back();
      self->on_.log.line("m{}   resolves {} to {}", self->member_, to_string(one), at.offset);
      if (self->offer_ && at.offset >= 0)
        self->offer_->beginnings[one] = at;
    }
    self->push(std::move(answer));
  });
  return asked;
}

token membership::look_up_ends(std::span<const topic_partition> partitions) {
  const auto asked = ++last_token_;
  on_.clock.after(on_.latency(), [weak = weak_from_this(), asked,
                                  which = std::vector(partitions.begin(), partitions.end())] {
    const auto self = weak.lock();
    if (!self || self->departed_)
      return;
    ends_known answer{.asked = asked};
    for (const auto& one : which)
      answer.ends.push_back({one, self->of_.log(one).stable_end()});
    self->push(std::move(answer));
  });
  return asked;
}

} // namespace ottla::kafka::simulation

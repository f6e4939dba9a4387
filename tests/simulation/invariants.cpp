#include "invariants.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace ottla::kafka::simulation {

namespace {

std::string name_of(std::size_t member, const topic_partition& where) {
  return fmt::format("m{} {}", member, to_string(where));
}

/// The text with which the coordinator must report a beginning whose wanted offset is missing.
std::string gap_text(const beginning& from, std::int64_t wanted) {
  if (wanted >= from.log_begin && wanted <= from.log_end)
    return fmt::format(
      "{}: the log lost the record before offset {}, or was created again; beginning at {}",
      to_string(from.at), wanted, from.offset);
  return fmt::format("{}: offset {} is outside of {}..{}, beginning at {}", to_string(from.at),
                     wanted, from.log_begin, from.log_end, from.offset);
}

} // namespace

std::int64_t invariants::tenure::front() const {
  auto highest = beginning;
  for (const auto& [epoch, lease] : leases)
    highest = std::max(highest, lease.front());
  return highest;
}

std::int64_t invariants::tenure::newest_front() const {
  return leases.empty() ? beginning : leases.rbegin()->second.front();
}

std::int64_t invariants::tenure::pass(std::int64_t front) const {
  const auto next = std::ranges::lower_bound(taken, front);
  const auto behind = next == taken.end() ? ends.end() : ends.upper_bound(*next);
  return behind == ends.begin() ? front : std::max(front, *std::prev(behind));
}

invariants::tenure* invariants::find(std::size_t member, const topic_partition& what) {
  const auto found = tenures_.find({member, what});
  return found == tenures_.end() ? nullptr : &found->second;
}

void invariants::note(const char* invariant, std::string details) {
  found_ = finding{invariant, std::move(details)};
  log_.line("VIOLATED: {}: {}", found_->invariant, found_->details);
}

void invariants::assigned(std::size_t member, const beginning& from, std::int32_t generation) {
  const auto whose = name_of(member, from.at);
  demand(from.offset >= 0, "an assignment begins at a concrete offset", "{} at {}", whose,
         from.offset);
  demand(find(member, from.at) == nullptr, "a member is assigned a partition only once at a time",
         "{}", whose);
  std::vector<std::string> gaps;
  if (from.missing)
    gaps.push_back(gap_text(from, *from.missing));
  const auto told = take_gaps_told(member, from.at);
  demand(told == gaps, "a gap is reported once, with its bounds",
         "{}: reported \"{}\", expected \"{}\"", whose, fmt::join(told, ", "),
         fmt::join(gaps, ", "));
  check_resumes(member, from);
  tenures_[{member, from.at}] = tenure{.number = ++last_tenure_,
                                       .generation = generation,
                                       .beginning = from.offset,
                                       .missing = from.missing,
                                       .counted = from.offset};
}

void invariants::assigned_too_late(std::size_t member, const topic_partition& what) {
  take_gaps_told(member, what);
}

void invariants::failed(std::size_t member, const error& what) {
  if (what.code != errc::offset_out_of_range)
    return;
  // The simulated driver also reports this code, with its own text and without the bounds.
  if (what.text.ends_with(": simulated"))
    out_of_range_[member] = turns_;
  else
    gaps_told_[member].push_back(what.text);
}

void invariants::recovered(std::size_t member) {
  demand(!silent_.contains(member), "a member with a process that hangs has not recovered", "m{}",
         member);
}

void invariants::silent(std::size_t member, bool is_silent) {
  if (is_silent)
    silent_.insert(member);
  else
    silent_.erase(member);
}

void invariants::departs(std::size_t member) {
  // After an offset out of range, the coordinator replaces the handle in the same turn.
  const auto reported = out_of_range_.extract(member);
  if (!reported || reported.mapped() != turns_)
    return;
  for (const auto& [where, of] : tenures_)
    if (where.first == member && !of.lost && !of.asked_back)
      demand(of.commit_asked >= of.counted || of.counted == of.beginning,
             "an offset out of range costs no partition its acknowledgements",
             "{}: {} acknowledged, {} committed", name_of(member, where.second), of.counted,
             of.commit_asked);
}

std::vector<std::string> invariants::take_gaps_told(std::size_t member, const topic_partition& of) {
  auto& all = gaps_told_[member];
  const auto others = std::stable_partition(all.begin(), all.end(), [&](const auto& text) {
    return text.starts_with(to_string(of) + ": ");
  });
  std::vector<std::string> taken{all.begin(), others};
  all.erase(all.begin(), others);
  return taken;
}

void invariants::fenced(std::size_t member, moment session) {
  fenced_until_[member] = clock_.now() + session;
}

void invariants::opened(std::size_t member, moment now, bool unprovoked) {
  constexpr std::size_t most = 10;
  if (const auto fence = fenced_until_.extract(member))
    demand(!unprovoked || now >= fence.mapped(), "a fenced member stays out for a session timeout",
           "m{}", member);
  auto& times = opened_[member];
  times.push_back(now);
  if (times.size() <= most)
    return;
  const auto since = times.front();
  times.pop_front();
  demand(!unprovoked || now - since >= std::chrono::seconds{10},
         "a member opens at most ten handles within ten seconds",
         "m{} opened {} handles within {} ms", member, most + 1, (now - since).count() / 1'000);
}

void invariants::given_up(std::size_t member, const topic_partition& what) {
  const auto* of = find(member, what);
  if (stopping_ && of != nullptr && of->counted > of->beginning)
    given_up_at_end_.push_back({member, what, of->counted});
  if (groupless_ && of != nullptr)
    progress_[{member, what}] = {of->counted, std::max(of->counted, of->pass(of->front()))};
  tenures_.erase({member, what});
}

std::vector<invariants::owed_commit> invariants::owed_at_end() const {
  auto all = given_up_at_end_;
  for (const auto& [where, of] : tenures_)
    if (of.counted > of.beginning)
      all.push_back({where.first, where.second, of.counted});
  return all;
}

void invariants::taken(std::size_t member, const topic_partition& from,
                       std::span<const message> messages) {
  auto* of = find(member, from);
  demand(of != nullptr, "messages are taken from assigned partitions only", "{}",
         name_of(member, from));
  if (of == nullptr)
    return;
  for (const auto& one : messages)
    of->taken.push_back(one.offset());
  // A take counts the acknowledgement of the previous batch before it takes messages, and reports
  // the acknowledgement after that.
  const auto acknowledged = std::max(of->counted, of->newest_front());
  const auto open
    = of->taken.end() - std::lower_bound(of->taken.begin(), of->taken.end(), acknowledged);
  demand(static_cast<std::size_t>(open) <= most_open_,
         "no more than max_unacknowledged messages are open", "{}: {} of {}", name_of(member, from),
         open, most_open_);
}

void invariants::reached(std::size_t member, const topic_partition& in, std::int64_t end) {
  if (auto* of = find(member, in))
    of->ends.insert(end);
}

void invariants::resolved(std::size_t member, const beginning& where, const log_range& held,
                          bool added) {
  const auto whose = name_of(member, where.at);
  demand(where.committed < 0 || !held.holds(where.committed) || where.offset == where.committed,
         "a partition begins at the committed offset if the log holds it",
         "{}: {} is committed, the partition begins at {}", whose, where.committed, where.offset);
  demand(where.missing.has_value() == (where.committed >= 0 && !held.holds(where.committed)),
         "a committed offset is missing if and only if the log does not hold it",
         "{}: {} is committed, the log has {}..{}", whose, where.committed, held.low, held.high);
  demand(where.log_begin == held.low && where.log_end == held.high,
         "the bounds of the log are reported", "{}: {}..{}, the log has {}..{}", whose,
         where.log_begin, where.log_end, held.low, held.high);
  demand(!added || where.committed >= 0 || where.offset == held.low,
         "no message of a partition newer than its group is skipped",
         "{} at {}, the log has {}..{}", whose, where.offset, held.low, held.high);
}

void invariants::sought(std::size_t member, const topic_partition& in, std::int64_t offset) {
  if (auto* of = find(member, in))
    of->taken.erase(std::lower_bound(of->taken.begin(), of->taken.end(), offset), of->taken.end());
}

void invariants::asked_back(std::size_t member, const topic_partition& what) {
  auto* of = find(member, what);
  if (of == nullptr)
    return;
  of->owed = of->counted;
  // In a stop, the acknowledger has already ended, so an ack_handle whose range is not in order has
  // no effect.
  if (prompt_ && !stopping_ && !of->leases.empty())
    of->owed = std::max(of->counted, of->leases.rbegin()->second.front());
  of->asked_back = clock_.now();
}

void invariants::lost(std::size_t member, const topic_partition& what) {
  if (auto* of = find(member, what))
    of->lost = true;
}

void invariants::handed_back(std::size_t member, const topic_partition& what) {
  const auto* of = find(member, what);
  if (of == nullptr || !of->owed || *of->owed == of->beginning)
    return;
  demand(of->commit_asked >= *of->owed,
         "messages acknowledged before a revoke are committed before the partition is given back",
         "{}: {} acknowledged, {} committed", name_of(member, what), *of->owed, of->commit_asked);
}

void invariants::commit_asked(std::size_t member, const topic_partition& of, std::int64_t next) {
  const auto whose = name_of(member, of);
  demand(next >= 0, "committed offsets are never negative or logical", "{} at {}", whose, next);
  auto* in = find(member, of);
  demand(in != nullptr, "only assigned partitions are committed", "{} at {}", whose, next);
  if (in == nullptr)
    return;
  demand(!in->lost, "no offset of a lost partition is committed", "{} at {}", whose, next);
  demand(next <= in->pass(in->front()), "only offsets that a handler acknowledged are committed",
         "{} at {}, acknowledged below {}", whose, next, in->front());
  demand(next <= in->counted, "only counted offsets are committed", "{} at {}, counted {}", whose,
         next, in->counted);
  demand(next >= in->beginning, "no commit is below the assignment's first offset",
         "{} at {}, began at {}", whose, next, in->beginning);
  demand(next >= in->commit_asked, "commits of an assignment never decrease", "{} at {} after {}",
         whose, next, in->commit_asked);
  in->commit_asked = std::max(in->commit_asked, next);
}

void invariants::commit_stored(std::size_t member, const topic_partition& of, std::int64_t next) {
  stored_[{member, of}].insert(next);
}

void invariants::commit_counted(std::size_t member, const topic_partition& of, std::int64_t next) {
  const auto stored = stored_.find({member, of});
  demand(stored != stored_.end() && stored->second.contains(next),
         "the tree counts no commit that the broker rejected", "{} at {}", name_of(member, of),
         next);
}

void invariants::hook_received(std::size_t member, const topic_partition& what) {
  demand(hooked_.insert({member, what}).second, "the hook is called once for each assignment", "{}",
         name_of(member, what));
}

void invariants::hook_revoked(std::size_t member, const topic_partition& what) {
  demand(hooked_.erase({member, what}) == 1,
         "the hook is called once for the end of each assignment", "{}", name_of(member, what));
}

void invariants::stopped() {
  demand(hooked_.empty(), "the hook is called for the end of each assignment",
         "{} assignments have no end", hooked_.size());
  for (const auto& [member, texts] : gaps_told_)
    demand(texts.empty(), "a gap is reported once, with its bounds", "m{} also reported \"{}\"",
           member, fmt::join(texts, ", "));
}

void invariants::leased(std::size_t member, const assignment& lease) {
  const auto whose = name_of(member, lease.where);
  demand(lease.epoch > last_epoch_[member], "lease epochs increase", "{}: {} after {}", whose,
         lease.epoch, last_epoch_[member]);
  last_epoch_[member] = lease.epoch;
  demand(groupless_ || hooked_.contains({member, lease.where}),
         "no worker starts before the hook was called", "{}", whose);
  auto* of = find(member, lease.where);
  demand(of != nullptr, "only assigned partitions are leased", "{}", whose);
  if (of == nullptr)
    return;
  demand(lease.generation == of->generation, "a lease has its assignment's generation",
         "{}: {}, not {}", whose, lease.generation, of->generation);
  note_lease(*of, member, lease);
}

void invariants::note_lease(tenure& of, std::size_t member, const assignment& lease) {
  const auto whose = name_of(member, lease.where);
  // Before a late report of a lease, `counted` may have advanced to the end of the log.
  demand(lease.begins_at >= of.counted || of.pass(lease.begins_at) >= of.counted,
         "an acknowledged message is never delivered again",
         "{}: a lease begins at {}, the counted offset is {}", whose, lease.begins_at, of.counted);
  demand(lease.begins_at <= of.counted, "an unacknowledged message is delivered again",
         "{}: a lease begins at {}, the counted offset is {}", whose, lease.begins_at, of.counted);
  demand(lease.missing == (lease.begins_at == of.beginning ? of.missing : std::nullopt),
         "a lease that begins after a gap reports the gap",
         "{}: a lease begins at {}, {} is missing", whose, lease.begins_at,
         of.missing.value_or(-1));
  of.leases.emplace(lease.epoch, lease_model{lease.begins_at});
}

bool invariants::delivered(std::size_t member, const assignment& lease, const batch& what,
                           bool late) {
  auto* of = find(member, lease.where);
  // The function that chooses a worker's process sees only the first of the worker's leases.
  if (late && of != nullptr && lease.generation == of->generation
      && (of->leases.empty() || of->leases.rbegin()->first < lease.epoch))
    note_lease(*of, member, lease);
  const bool over
    = of == nullptr || of->leases.empty() || of->leases.rbegin()->first != lease.epoch;
  const auto whose = name_of(member, lease.where);
  demand(what.from() == lease.where && what.size() > 0,
         "a batch has messages of the leased partition", "{} got {}", whose,
         to_string(what.from()));
  demand(!over || late, "no batch is handled under an ended lease", "{} epoch {} at {}", whose,
         lease.epoch, what.front().offset());
  if (over)
    return false;
  demand(!of->lost || late, "no batch of a lost partition is handled", "{} epoch {} at {}", whose,
         lease.epoch, what.front().offset());
  // A process may have received the batch long before.
  if (!late)
    check_wanted(*of, member, lease.where, what.front().offset());
  auto& model = of->leases.rbegin()->second;
  const auto first = what.first_of(0);
  const auto next = what.next_of(what.size() - 1);
  const bool passed = of->ends.contains(first) && first <= of->pass(model.next());
  demand(first == model.next() || (passed && first > model.next()),
         "offsets under a lease are consecutive", "{} epoch {}: [{}, {}) after {}", whose,
         lease.epoch, first, next, model.next());
  model.pass(first);
  check_content(member, what, *of, next);
  model.deliver(next);
  return true;
}

void invariants::check_content(std::size_t member, const batch& what, const tenure& of,
                               std::int64_t next) {
  const auto whose = name_of(member, what.from());
  auto expected = std::ranges::lower_bound(of.taken, what.first_of(0));
  std::int64_t last = -1;
  for (const auto& one : what) {
    demand(one.offset() > last, "offsets increase within a batch", "{}: {} after {}", whose,
           one.offset(), last);
    last = one.offset();
    demand(expected != of.taken.end() && *expected == one.offset(),
           "every fetched message is delivered, in order", "{}: {} where {} was expected", whose,
           one.offset(), expected == of.taken.end() ? -1 : *expected);
    if (expected != of.taken.end())
      ++expected;
    const auto mark = fmt::format("{}@{}#", to_string(what.from()), one.offset());
    demand(one.value().starts_with(mark), "a message has its own content", "{}: {} is \"{}\"",
           whose, one.offset(), one.value());
  }
  demand(next == last + 1, "a batch ends after its last message", "{}: {} after {}", whose, next,
         last);
}

void invariants::begun(std::size_t member, const assignment& lease, std::int64_t offset) {
  const auto* of = find(member, lease.where);
  const auto whose = name_of(member, lease.where);
  const bool over
    = of == nullptr || of->leases.empty() || of->leases.rbegin()->first != lease.epoch;
  demand(!over, "no message is handled under an ended lease", "{} epoch {} at {}", whose,
         lease.epoch, offset);
  if (over)
    return;
  demand(!of->lost, "no message of a lost partition is handled", "{} at {}", whose, offset);
  check_wanted(*of, member, lease.where, offset);
}

void invariants::check_wanted(const tenure& of, std::size_t member, const topic_partition& where,
                              std::int64_t offset) {
  demand(!prompt_ || !of.asked_back || *of.asked_back == clock_.now(),
         "no message is handled after the revoke of its partition", "{} at {}",
         name_of(member, where), offset);
}

void invariants::answered(std::size_t member, const assignment& lease, const verdict& what,
                          std::int64_t first, std::int64_t next) {
  auto* of = find(member, lease.where);
  if (of == nullptr)
    return;
  if (const auto found = of->leases.find(lease.epoch); found != of->leases.end())
    found->second.apply(what, first, next);
}

std::uint64_t invariants::end_began(std::size_t member, const assignment& lease) const {
  const auto found = tenures_.find({member, lease.where});
  if (found == tenures_.end() || found->second.leases.empty()
      || found->second.leases.rbegin()->first != lease.epoch)
    return 0;
  return found->second.number;
}

void invariants::end_returned(std::size_t member, const assignment& lease, std::uint64_t tenure) {
  const auto* of = find(member, lease.where);
  if (of == nullptr || of->number != tenure || of->lost || of->asked_back)
    return;
  demand(of->leases.rbegin()->first > lease.epoch,
         "a partition whose handler hangs in its destructor is handled again", "{} epoch {}",
         name_of(member, lease.where), lease.epoch);
}

void invariants::finished(std::size_t member, const assignment& lease, std::int64_t first,
                          std::int64_t next) {
  auto* of = find(member, lease.where);
  if (of == nullptr)
    return;
  if (const auto found = of->leases.find(lease.epoch); found != of->leases.end())
    found->second.finish(first, next);
}

void invariants::counted(std::size_t member, const topic_partition& of, std::int64_t next) {
  auto* in = find(member, of);
  const auto whose = name_of(member, of);
  demand(in != nullptr, "no acknowledgement counts after its partition was given up", "{} at {}",
         whose, next);
  if (in == nullptr)
    return;
  const auto newest = in->newest_front();
  demand(next <= in->pass(in->front()), "only offsets that a handler acknowledged are counted",
         "{} at {}, acknowledged below {}", whose, next, in->front());
  demand(next <= in->pass(newest), "no acknowledgement of an older lease counts",
         "{} at {}, acknowledged under the newest lease below {}", whose, next, newest);
  demand(next >= in->counted, "the counted offset never decreases", "{} at {} after {}", whose,
         next, in->counted);
  in->counted = std::max(in->counted, next);
}

bool invariants::waits(std::size_t member, const topic_partition& in) const {
  const auto found = tenures_.find({member, in});
  if (found == tenures_.end() || found->second.leases.empty())
    return false;
  const auto& lease = found->second.leases.rbegin()->second;
  return lease.front() != lease.next();
}

} // namespace ottla::kafka::simulation

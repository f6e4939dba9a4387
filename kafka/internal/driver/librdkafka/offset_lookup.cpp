#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_offsets.hpp>
#include <ottla/kafka/internal/driver/librdkafka/offset_lookup.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace ottla::kafka {

namespace {

using offsets = std::vector<offset_or_error>;
using lists = std::vector<std::vector<position>>;

/// The consumer's key overrides the connection's key, as in librdkafka.
bool reads_uncommitted(const cluster_settings& common, const consumer_handle_settings& how) {
  for (const auto* extra : {&how.extra, &common.extra})
    if (const auto found = extra->find("isolation.level"); found != extra->end())
      return in_lower_case(found->second) == "read_uncommitted";
  return false;
}

std::vector<position> all_at(std::span<const topic_partition> partitions, std::int64_t when) {
  std::vector<position> all;
  for (const auto& each : partitions)
    all.push_back({each, when});
  return all;
}

/// Kafka returns -1 for an unknown end.
offset_or_error as_end(offset_or_error found) {
  if (const auto* end = std::get_if<log_offset>(&found); end != nullptr && end->offset < 0)
    return to_error(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE);
  return found;
}

/// State of one partition while its beginning is looked up.
struct candidate {
  topic_partition at;
  group_state group;
  log_range log;
  beginning found;
  /// The rule to resolve next; nullopt if the beginning is decided.
  std::optional<begin_offset> rule;
};

void fail(candidate& one, error why) {
  one.found = {.at = one.at, .failed = std::move(why)};
  one.rule.reset();
}

/// A leader that does not answer must not delay the other partitions, so its partitions begin at
/// the committed offset. If the log no longer holds that offset, the fetch fails, and the next
/// member looks up the beginning again.
void begin_unseen(candidate& one, error why) {
  fail(one, std::move(why));
  if (one.group.committed >= 0)
    one.found.offset = one.found.committed = one.group.committed;
}

/// Callers check the sign, because Kafka gives times below 0 special meanings.
std::int64_t in_milliseconds(const since& from) {
  return std::chrono::ceil<std::chrono::milliseconds>(from.when.time_since_epoch()).count();
}

/// Resolves rules to offsets. Rules that need no broker are resolved at once. All other rules of
/// one kind are resolved with one call of lookup_handle::ask.
class rule_resolver {
public:
  rule_resolver(lookup_handle& all, lookup_handle& read, const topic_layout& where,
                const offset_lookup::stop_signal& give_up)
    : all_{all}, read_{read}, where_{where}, give_up_{give_up} {}

  /// Returns an answer for each candidate that has a rule.
  std::map<const candidate*, offset_or_error> resolve(std::span<candidate> of) {
    std::map<const candidate*, offset_or_error> numbers;
    std::vector<candidate*> times;
    std::vector<candidate*> ends;
    for (auto& one : of) {
      if (!one.rule)
        continue;
      const auto* from = std::get_if<since>(&*one.rule);
      if (const auto* number = std::get_if<at_offset>(&*one.rule))
        numbers.emplace(&one, log_offset{number->offset});
      else if (std::holds_alternative<latest>(*one.rule))
        ends.push_back(&one);
      else if (from != nullptr && in_milliseconds(*from) >= 0)
        times.push_back(&one);
      else
        numbers.emplace(&one, log_offset{one.log.low});
    }
    resolve_times(times, numbers);
    resolve_ends(ends, numbers);
    return numbers;
  }

private:
  void resolve_times(std::span<candidate* const> of,
                     std::map<const candidate*, offset_or_error>& numbers) {
    if (of.empty())
      return;
    lists asked(1);
    for (const auto* one : of)
      asked[0].push_back({one->at, in_milliseconds(std::get<since>(*one->rule))});
    const auto answer = all_.ask(where_, asked, give_up_)[0];
    for (std::size_t i = 0; i < of.size(); ++i) {
      const auto* found = std::get_if<log_offset>(&answer[i]);
      const bool nothing_since = found != nullptr && found->offset < 0;
      numbers.emplace(of[i], nothing_since ? log_offset{of[i]->log.high} : answer[i]);
    }
  }

  void resolve_ends(std::span<candidate* const> of,
                    std::map<const candidate*, offset_or_error>& numbers) {
    if (of.empty())
      return;
    std::vector<topic_partition> which;
    for (const auto* one : of)
      which.push_back(one->at);
    const auto where = &read_ == &all_ ? where_ : read_.find_leaders(which);
    const lists asked{all_at(which, RD_KAFKA_OFFSET_END)};
    const auto answer = read_.ask(where, asked, give_up_)[0];
    for (std::size_t i = 0; i < of.size(); ++i)
      numbers.emplace(of[i], as_end(answer[i]));
  }

  lookup_handle& all_;
  lookup_handle& read_;
  const topic_layout& where_;
  const offset_lookup::stop_signal& give_up_;
};

void note_logs(std::vector<candidate>& all, lookup_handle& over, const topic_layout& where,
               const offset_lookup::stop_signal& give_up) {
  std::vector<topic_partition> which;
  for (const auto& one : all)
    which.push_back(one.at);
  const lists asked{all_at(which, RD_KAFKA_OFFSET_BEGINNING), all_at(which, RD_KAFKA_OFFSET_END)};
  const auto answer = over.ask(where, asked, give_up);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto low = as_end(answer[0][i]);
    const auto high = as_end(answer[1][i]);
    if (const auto* why = std::get_if<error>(&low))
      begin_unseen(all[i], *why);
    else if (const auto* other = std::get_if<error>(&high))
      begin_unseen(all[i], *other);
    else
      all[i].log = {.low = std::get<log_offset>(low).offset,
                    .high = std::get<log_offset>(high).offset,
                    .epoch = std::get<log_offset>(high).epoch};
  }
}

/// Call for a partition that begins at an offset which its log holds.
void note_epochs(const candidate& one, leader_epochs& epochs) {
  epochs.note(one.at, one.group.committed - 1, one.group.epoch);
  epochs.note(one.at, one.log.high, one.log.epoch);
}

/// Resolves the rules of the candidates. A candidate whose log does not hold the wanted offset gets
/// the offset that `when_missing` selects.
void apply_rules(std::vector<candidate>& all, rule_resolver& numbers,
                 const begin_offset& when_missing, leader_epochs& epochs) {
  const auto wanted = numbers.resolve(all);
  for (auto& one : all) {
    if (!one.rule)
      continue;
    const auto& number = wanted.at(&one);
    if (const auto* why = std::get_if<error>(&number)) {
      fail(one, *why);
      continue;
    }
    one.found = begin_at(one.at, one.group, one.log, std::get<log_offset>(number).offset);
    if (one.found.missing) {
      one.rule = when_missing;
    } else {
      one.rule.reset();
      note_epochs(one, epochs);
    }
  }
  const auto instead = numbers.resolve(all);
  for (auto& one : all) {
    if (!one.rule)
      continue;
    const auto& number = instead.at(&one);
    if (const auto* why = std::get_if<error>(&number))
      fail(one, *why);
    else
      begin_instead(one.found, std::get<log_offset>(number).offset);
  }
}

} // namespace

offset_lookup::offset_lookup(const cluster_settings& common, const consumer_handle_settings& how,
                             std::shared_ptr<leader_epochs> epochs)
  : reads_all_{reads_uncommitted(common, how)},
    all_{common, how, "read_uncommitted"},
    committed_{common, how, "read_committed"},
    epochs_{std::move(epochs)} {}

void offset_lookup::close() {
  all_.close();
  committed_.close();
}

std::vector<beginning>
offset_lookup::look_up_beginnings(rd_kafka_t* member, std::span<const topic_partition> partitions,
                                  const beginning_rules& rules, const stop_signal& give_up) {
  if (partitions.empty())
    return {};
  const auto committed = committed_offsets_of(member, partitions, starts_);
  const auto where = all_.find_leaders(partitions);
  std::vector<candidate> all;
  std::vector<beginning> failed(partitions.size());
  std::map<std::string, std::int32_t> unknown_topics;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const auto& at = partitions[i];
    if (const auto* why = std::get_if<error>(&committed[i])) {
      failed[i] = {.at = at, .failed = *why};
      continue;
    }
    all.push_back({.at = at, .group = std::get<group_state>(committed[i])});
    const auto count = where.partitions.find(at.topic);
    if (all.back().group.committed < 0 && count != where.partitions.end())
      unknown_topics.insert(*count);
  }
  note_logs(all, all_, where, give_up);
  for (auto& one : all) {
    one.group.is_lost = epochs_->is_lost(one.at, one.group.committed, one.group.epoch);
    epochs_->forget(one.at);
  }
  std::optional<error> no_history;
  std::map<std::string, std::int32_t> first_partitions;
  if (std::holds_alternative<latest>(rules.otherwise) && !unknown_topics.empty()) {
    auto answer = first_partitions_of(member, unknown_topics, starts_);
    if (const auto* why = std::get_if<error>(&answer))
      no_history = *why;
    else
      first_partitions = std::get<0>(std::move(answer));
  }
  for (auto& one : all) {
    if (one.found.failed)
      continue;
    if (no_history && one.group.committed < 0) {
      fail(one, *no_history);
      continue;
    }
    if (const auto first = first_partitions.find(one.at.topic); first != first_partitions.end())
      one.group.first_partitions = first->second;
    one.rule = first_choice(one.at, one.group, rules.otherwise);
  }
  rule_resolver numbers{all_, read(), where, give_up};
  apply_rules(all, numbers, rules.when_missing, *epochs_);
  std::vector<beginning> answer;
  auto next = all.begin();
  for (std::size_t i = 0; i < partitions.size(); ++i)
    answer.push_back(failed[i].failed ? std::move(failed[i]) : std::move((next++)->found));
  return answer;
}

std::vector<beginning> offset_lookup::find_beginnings(std::span<const wanted_beginning> wanted,
                                                      const begin_offset& when_missing,
                                                      const stop_signal& give_up) {
  if (wanted.empty())
    return {};
  std::vector<topic_partition> partitions;
  std::vector<candidate> all;
  for (const auto& each : wanted) {
    partitions.push_back(each.at);
    all.push_back({.at = each.at, .group = {.committed = each.kept}});
  }
  const auto where = all_.find_leaders(partitions);
  note_logs(all, all_, where, give_up);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!all[i].found.failed)
      all[i].rule = first_choice(all[i].at, all[i].group, wanted[i].otherwise);
  rule_resolver numbers{all_, read(), where, give_up};
  apply_rules(all, numbers, when_missing, *epochs_);
  std::vector<beginning> answer;
  for (auto& one : all)
    answer.push_back(std::move(one.found));
  return answer;
}

std::vector<position> offset_lookup::look_up_ends(std::span<const topic_partition> partitions,
                                                  const stop_signal& give_up) {
  std::vector<position> answer;
  if (partitions.empty())
    return answer;
  const auto where = read().find_leaders(partitions);
  const lists asked{all_at(partitions, RD_KAFKA_OFFSET_END)};
  const auto ends = read().ask(where, asked, give_up)[0];
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const auto end = as_end(ends[i]);
    if (const auto* why = std::get_if<error>(&end))
      answer.push_back({.at = partitions[i], .offset = -1, .failed = *why});
    else
      answer.push_back({.at = partitions[i], .offset = std::get<log_offset>(end).offset});
  }
  return answer;
}

} // namespace ottla::kafka

#include <ottla/kafka/internal/admin/carry_out.hpp>
#include <ottla/kafka/internal/admin/offset_arithmetic.hpp>
#include <ottla/kafka/internal/admin/topic_lookup.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ottla::kafka {

namespace {

using offsets = std::vector<partition_offset>;
using committed_map = std::map<topic_partition, partition_offset>;

/// The first offsets and the ends of logs, in the order of the partitions.
struct log_ends {
  offsets begin;
  offsets end;
};

result<log_ends> find_ends(admin_session& over, std::span<const topic_partition> partitions) {
  auto begin = over.find_offsets(partitions, earliest{});
  if (!begin)
    return begin.error();
  auto end = over.find_offsets(partitions, latest{});
  if (!end)
    return end.error();
  return log_ends{std::move(*begin), std::move(*end)};
}

partition_lag lag_in(const partition_offset& committed, const partition_offset& begin,
                     const partition_offset& end) {
  partition_lag lag{.where = committed.where, .committed = committed.offset};
  for (const auto* each : {&committed, &begin, &end})
    if (each->failed) {
      lag.failed = each->failed;
      return lag;
    }
  lag.begin = begin.offset;
  lag.end = end.offset;
  lag.lag = lag_of(committed.offset, {.low = begin.offset, .high = end.offset});
  return lag;
}

/// nullopt if the group has no members.
std::optional<error> check_empty(admin_session& over, const std::string& group) {
  const auto described = over.describe_groups({&group, 1});
  if (!described)
    return described.error();
  const auto& one = described->front();
  if (one.failed && one.failed->code != errc::unknown_group)
    return one.failed;
  if (one.failed || allows_reset(one.state))
    return std::nullopt;
  return error{.code = errc::group_not_empty,
               .retriable = true,
               .text
               = fmt::format("group \"{}\" must have no members for a reset of its offsets, but "
                             "its state is {} with {} {}",
                             shown(group), to_string(one.state), one.members.size(),
                             one.members.size() == 1 ? "member" : "members")};
}

/// The partitions to reset, and the failures of topics whose partitions are unknown.
struct reset_scope {
  std::set<topic_partition> partitions;
  std::vector<partition_reset> failed;
};

result<reset_scope> scope_of(admin_session& over, const group_reset& what,
                             const committed_map& committed) {
  reset_scope scope{.partitions = {what.partitions.begin(), what.partitions.end()}};
  if (what.topics.empty()) {
    if (what.partitions.empty())
      for (const auto& [where, offset] : committed)
        scope.partitions.insert(where);
    return scope;
  }
  const auto seen = over.read_cluster();
  if (!seen)
    return seen.error();
  for (const auto& topic : what.topics) {
    const auto count = partitions_in(*seen, topic);
    if (count)
      for (std::int32_t partition = 0; partition < *count; ++partition)
        scope.partitions.insert({topic, partition});
    else
      scope.failed.push_back({.where = {topic, 0}, .failed = count.error()});
  }
  return scope;
}

/// One partition while its new offset is looked up.
struct candidate {
  partition_reset outcome;
  reset_basis basis;
};

void note_failure(candidate& one, const partition_offset& found) {
  if (found.failed && !one.outcome.failed)
    one.outcome.failed = found.failed;
}

/// Looks up what reset_offset needs. A failed look-up fails only its partition.
std::optional<error> look_up(admin_session& over, const reset_point& to,
                             std::span<const topic_partition> partitions,
                             std::vector<candidate>& all) {
  const auto ends = find_ends(over, partitions);
  if (!ends)
    return ends.error();
  for (std::size_t i = 0; i < all.size(); ++i) {
    note_failure(all[i], ends->begin[i]);
    note_failure(all[i], ends->end[i]);
    all[i].basis.log = {.low = ends->begin[i].offset, .high = ends->end[i].offset};
  }
  const auto* from = std::get_if<since>(&to);
  if (from == nullptr)
    return std::nullopt;
  const auto found = over.find_offsets(partitions, *from);
  if (!found)
    return found.error();
  for (std::size_t i = 0; i < all.size(); ++i) {
    note_failure(all[i], (*found)[i]);
    all[i].basis.since_time = (*found)[i].offset;
  }
  return std::nullopt;
}

std::optional<error> commit_all(admin_session& over, const std::string& group,
                                std::vector<candidate>& all) {
  offsets next;
  for (const auto& one : all)
    if (!one.outcome.failed)
      next.push_back({.where = one.outcome.where, .offset = one.outcome.after});
  if (next.empty())
    return std::nullopt;
  const auto stored = over.commit(group, next);
  if (!stored)
    return stored.error();
  auto outcome = stored->begin();
  for (auto& one : all)
    if (!one.outcome.failed)
      one.outcome.failed = (outcome++)->failed;
  return std::nullopt;
}

} // namespace

list_groups_request::answer carry_out(admin_session& over, const list_groups_request&) {
  return over.list_groups();
}

describe_groups_request::answer carry_out(admin_session& over,
                                          const describe_groups_request& what) {
  if (what.groups.empty())
    return std::vector<group_description>{};
  return over.describe_groups(what.groups);
}

fetch_committed_offsets_request::answer carry_out(admin_session& over,
                                                  const fetch_committed_offsets_request& what) {
  return over.read_committed(what.group);
}

fetch_lag_request::answer carry_out(admin_session& over, const fetch_lag_request& what) {
  const auto committed = over.read_committed(what.group);
  if (!committed)
    return committed.error();
  std::vector<partition_lag> answer;
  if (committed->empty())
    return answer;
  std::vector<topic_partition> partitions;
  for (const auto& each : *committed)
    partitions.push_back(each.where);
  const auto ends = find_ends(over, partitions);
  if (!ends)
    return ends.error();
  for (std::size_t i = 0; i < partitions.size(); ++i)
    answer.push_back(lag_in((*committed)[i], ends->begin[i], ends->end[i]));
  return answer;
}

reset_offsets_request::answer carry_out(admin_session& over, const reset_offsets_request& request) {
  const auto& what = request.what;
  if (auto busy = check_empty(over, what.group))
    return *busy;
  const auto before = over.read_committed(what.group);
  if (!before)
    return before.error();
  committed_map committed;
  for (const auto& each : *before)
    committed.emplace(each.where, each);
  auto scope = scope_of(over, what, committed);
  if (!scope)
    return scope.error();
  const std::vector<topic_partition> partitions{scope->partitions.begin(), scope->partitions.end()};
  std::vector<candidate> all;
  for (const auto& where : partitions) {
    candidate one{.outcome = {.where = where}};
    if (const auto found = committed.find(where); found != committed.end()) {
      one.outcome.failed = found->second.failed;
      if (!found->second.failed)
        one.outcome.before = one.basis.committed = found->second.offset;
    }
    all.push_back(std::move(one));
  }
  if (!all.empty())
    if (auto failed = look_up(over, what.to, partitions, all))
      return *failed;
  for (auto& one : all) {
    if (one.outcome.failed)
      continue;
    const auto offset = reset_offset(what.to, one.basis);
    if (offset)
      one.outcome.after = *offset;
    else
      one.outcome.failed = offset.error();
  }
  if (auto failed = commit_all(over, what.group, all))
    return *failed;
  auto answer = std::move(scope->failed);
  for (auto& one : all) {
    if (one.outcome.failed)
      one.outcome.after = -1;
    answer.push_back(std::move(one.outcome));
  }
  std::ranges::sort(answer, {}, &partition_reset::where);
  return answer;
}

delete_groups_request::answer carry_out(admin_session& over, const delete_groups_request& what) {
  if (what.groups.empty())
    return std::vector<group_outcome>{};
  return over.delete_groups(what.groups);
}

} // namespace ottla::kafka

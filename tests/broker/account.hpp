#pragma once

#include "broker/member_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// The result of a run of several members, counted message by message.
struct account {
  std::int64_t messages = 0;
  /// Messages that no member handled.
  std::int64_t missing = 0;
  /// Sum of the highest committed offsets that members reported, over all partitions.
  std::int64_t committed = 0;

  // Messages that were handled again, by reason. Handling a committed message again is a finding.

  /// The previous member was killed before it noted the acknowledgement.
  std::int64_t again_unacknowledged = 0;
  /// The previous member was killed after the acknowledgement and before the commit.
  std::int64_t again_acknowledged = 0;
  /// The group had evicted one of the two members, which lost the partition.
  std::int64_t again_lost = 0;
  /// Every other repetition. Must be 0.
  std::int64_t again_otherwise = 0;

  std::int64_t leases = 0;
  std::int64_t generations = 0;
  std::int64_t kills = 0;
  /// How often members reported each failure text.
  std::map<std::string, int> failures = {};
  /// Violations as texts.
  std::vector<std::string> findings = {};

  std::int64_t again() const noexcept {
    return again_unacknowledged + again_acknowledged + again_lost + again_otherwise;
  }
};

/// Computes the account from the members' lines, which are sorted by time. Each partition holds
/// `each` messages.
class accountant {
public:
  accountant(const std::vector<member_line>& lines, std::int32_t partitions, std::int64_t each)
    : lines_{lines} {
    result_.messages = partitions * each;
    for (std::int32_t partition = 0; partition < partitions; ++partition)
      books_[partition].last_lease.assign(static_cast<std::size_t>(each), no_lease);
  }

  account settle() {
    find_losses();
    for (const auto& line : lines_)
      read(line);
    for (const auto& [partition, book] : books_) {
      result_.missing += std::ranges::count(book.last_lease, no_lease);
      result_.committed += book.committed;
    }
    if (result_.missing != 0)
      complain(fmt::format("{} messages were not handled", result_.missing));
    if (result_.again_otherwise != 0)
      complain(
        fmt::format("{} messages were handled again without a reason", result_.again_otherwise));
    result_.generations = static_cast<std::int64_t>(generations_.size());
    result_.leases = static_cast<std::int64_t>(leases_.size());
    return result_;
  }

private:
  static constexpr std::int32_t no_lease = -1;
  using kind = member_line::kind;
  using holder = std::pair<int, std::int32_t>; ///< member and partition

  struct lease {
    int member = 0;
    std::int64_t expected = 0;
    std::int64_t acknowledged = 0;
    bool lost = false;
  };

  struct book {
    /// Index of the lease under which each message was handled last.
    std::vector<std::int32_t> last_lease;
    std::int64_t committed = 0;
  };

  /// Collects lost leases first, because a loss may be logged after the repetition that it
  /// explains. A pair of holder and n stands for the nth lease of that holder.
  void find_losses() {
    std::map<holder, int> count;
    for (const auto& line : lines_) {
      const holder who{line.member, line.partition};
      if (line.what == kind::leased)
        ++count[who];
      else if (line.what == kind::lost)
        lost_.insert({who, count[who]});
    }
  }

  void read(const member_line& line) {
    switch (line.what) {
      case kind::assigned: generations_.insert(line.first); break;
      case kind::leased: begin(line); break;
      case kind::handled: handle(line); break;
      case kind::acknowledged:
        if (auto* of = current(line))
          of->acknowledged = std::max(of->acknowledged, line.next);
        break;
      case kind::committed: {
        auto& committed = books_[line.partition].committed;
        committed = std::max(committed, line.next);
        break;
      }
      case kind::wrong:
        complain(fmt::format("{}/{} holds \"{}\"", line.partition, line.first, line.text));
        break;
      case kind::failed: ++result_.failures[line.text]; break;
      case kind::killed:
        killed_.insert(line.member);
        ++result_.kills;
        break;
      default: break;
    }
  }

  void begin(const member_line& line) {
    const holder who{line.member, line.partition};
    const auto committed = books_[line.partition].committed;
    if (line.first < committed)
      complain(fmt::format("member {} began partition {} at {}, below the committed offset {}",
                           line.member, line.partition, line.first, committed));
    current_[who] = static_cast<std::int32_t>(leases_.size());
    leases_.push_back({.member = line.member,
                       .expected = line.first,
                       .acknowledged = line.first,
                       .lost = lost_.contains({who, ++begun_[who]})});
  }

  void handle(const member_line& line) {
    auto* under = current(line);
    if (under == nullptr) {
      complain(
        fmt::format("member {} handled partition {} without a lease", line.member, line.partition));
      return;
    }
    if (line.first != under->expected)
      complain(fmt::format("member {} handled {}/{}, expected offset {}", line.member,
                           line.partition, line.first, under->expected));
    under->expected = line.next;
    auto& last = books_[line.partition].last_lease;
    for (auto offset = line.first; offset < line.next; ++offset) {
      if (offset >= static_cast<std::int64_t>(last.size())) {
        complain(fmt::format("{}/{} was never produced", line.partition, offset));
        return;
      }
      auto& before = last[static_cast<std::size_t>(offset)];
      if (before != no_lease)
        came_again(offset, leases_[static_cast<std::size_t>(before)], *under);
      before = current_[{line.member, line.partition}];
    }
  }

  void came_again(std::int64_t offset, const lease& before, const lease& now) {
    if (before.lost || now.lost)
      ++result_.again_lost;
    else if (!killed_.contains(before.member))
      ++result_.again_otherwise;
    else if (offset < before.acknowledged)
      ++result_.again_acknowledged;
    else
      ++result_.again_unacknowledged;
  }

  lease* current(const member_line& line) {
    const auto found = current_.find({line.member, line.partition});
    return found == current_.end() ? nullptr : &leases_[static_cast<std::size_t>(found->second)];
  }

  void complain(std::string what) {
    if (result_.findings.size() < 20)
      result_.findings.push_back(std::move(what));
  }

  const std::vector<member_line>& lines_;
  account result_;
  std::map<std::int32_t, book> books_;
  std::vector<lease> leases_;
  std::map<holder, std::int32_t> current_;
  std::map<holder, int> begun_;
  std::set<std::pair<holder, int>> lost_;
  std::set<int> killed_;
  std::set<std::int64_t> generations_;
};

} // namespace ottla::kafka::test

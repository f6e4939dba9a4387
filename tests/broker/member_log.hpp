#pragma once

#include "broker/member_line.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// The lines of all members, and the members' combined progress.
///
/// Thread safety: call from any thread.
class member_log {
public:
  void add(member_line line) {
    const std::lock_guard lock{guard_};
    if (line.what == member_line::kind::handled) {
      auto& furthest = furthest_[line.partition];
      handled_ += std::max<std::int64_t>(line.next - furthest, 0);
      furthest = std::max(furthest, line.next);
    }
    note_holders(line);
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }

  /// Messages handled by any member, counted up to the highest handled offset of each partition.
  std::int64_t handled() const {
    const std::lock_guard lock{guard_};
    return handled_;
  }

  bool wait_for_handled(std::int64_t messages, std::chrono::milliseconds within) const {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, within, [&] { return handled_ >= messages; });
  }

  /// Waits until exactly `members` members own partitions, and `partitions` partitions have an
  /// owner.
  bool wait_to_share(std::size_t partitions, std::size_t members,
                     std::chrono::milliseconds within) const {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, within, [&] {
      std::set<int> having;
      for (const auto& [partition, member] : holder_)
        having.insert(member);
      return holder_.size() == partitions && having.size() == members;
    });
  }

  /// All lines, sorted by time.
  std::vector<member_line> lines() const {
    std::unique_lock lock{guard_};
    auto all = lines_;
    lock.unlock();
    std::ranges::stable_sort(all, {}, &member_line::when);
    return all;
  }

private:
  void note_holders(const member_line& line) {
    if (line.what == member_line::kind::leased)
      holder_[line.partition] = line.member;
    else if (line.what == member_line::kind::revoked || line.what == member_line::kind::lost)
      std::erase_if(holder_, [&](const auto& one) {
        return one.first == line.partition && one.second == line.member;
      });
    else if (line.what == member_line::kind::killed || line.what == member_line::kind::ended)
      std::erase_if(holder_, [&](const auto& one) { return one.second == line.member; });
  }

  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  std::map<std::int32_t, std::int64_t> furthest_;
  std::map<std::int32_t, int> holder_;
  std::int64_t handled_ = 0;
  std::vector<member_line> lines_;
};

} // namespace ottla::kafka::test

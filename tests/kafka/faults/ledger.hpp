#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/observer.hpp>

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka::test {

/// Records the progress of messages whose values are their offsets: which messages were handled,
/// how often, and under which lease. Also records acknowledged and committed offsets, and counts
/// rebalances.
class ledger : public observer {
public:
  void see(const assignment& by, const batch& what) {
    const std::lock_guard lock{guard_};
    auto& mine = of_[what.from()];
    if (by.epoch > mine.epoch) {
      mine.epoch = by.epoch;
      mine.expected = by.begins_at;
      wrong_if(by.begins_at < mine.committed,
               fmt::format("{} resumes at {}, below the committed offset {}",
                           to_string(what.from()), by.begins_at, mine.committed));
    }
    for (const auto& one : what) {
      wrong_if(one.value() != std::to_string(one.offset()),
               fmt::format("{}: offset {} holds \"{}\"", to_string(what.from()), one.offset(),
                           one.value()));
      // A replaced worker may still deliver messages under its older lease.
      if (by.epoch == mine.epoch) {
        wrong_if(one.offset() != mine.expected,
                 fmt::format("{}: got offset {}, expected {}", to_string(what.from()), one.offset(),
                             mine.expected));
        mine.expected = one.offset() + 1;
      }
      ++(mine.times[one.offset()]++ == 0 ? distinct_ : repeated_);
    }
    changed_.notify_all();
  }

  void assigned(std::int32_t generation, std::span<const topic_partition>) override {
    const std::lock_guard lock{guard_};
    generations_.insert(generation);
    ++assignments_;
    changed_.notify_all();
  }

  void committed(const topic_partition& where, std::int64_t next) override {
    const std::lock_guard lock{guard_};
    auto& mine = of_[where];
    wrong_if(next < mine.committed, fmt::format("{}: committed offset went from {} to {}",
                                                to_string(where), mine.committed, next));
    mine.committed = next;
    changed_.notify_all();
  }

  void failed(const error& what) override {
    const std::lock_guard lock{guard_};
    failures_.insert(to_string(what));
    ++told_;
    changed_.notify_all();
  }

  /// Waits until all partitions are committed up to `next`.
  bool wait_for_commit(std::size_t partitions, std::int64_t next, std::chrono::seconds within) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, within, [&] {
      std::size_t there = 0;
      for (const auto& [where, one] : of_)
        there += one.committed == next ? 1 : 0;
      return there == partitions;
    });
  }

  bool wait_for_assignment(std::size_t count, std::chrono::seconds within) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, within, [&] { return assignments_ >= count; });
  }

  /// Waits until the observer has received more failures than `known`.
  bool wait_for_failure(std::size_t known, std::chrono::seconds within) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, within, [&] { return told_ > known; });
  }

  std::size_t failures_told() const { return read(told_); }
  std::size_t distinct() const { return read(distinct_); }
  std::size_t repeated() const { return read(repeated_); }
  std::size_t assignments() const { return read(assignments_); }

  std::size_t generations() const {
    const std::lock_guard lock{guard_};
    return generations_.size();
  }

  /// The first violation of the expected order or content. Empty if there is none.
  std::string wrong() const {
    const std::lock_guard lock{guard_};
    return wrong_;
  }

  /// All distinct failures that the observer received.
  std::string failures() const {
    const std::lock_guard lock{guard_};
    std::string all;
    for (const auto& one : failures_)
      all += (all.empty() ? "" : "; ") + one;
    return all;
  }

  /// Numbers of handled messages and committed offsets of each partition, as text.
  std::string state() const {
    const std::lock_guard lock{guard_};
    std::string all;
    for (const auto& [where, one] : of_)
      all += fmt::format("{} handled {}, committed {}; ", to_string(where), one.times.size(),
                         one.committed);
    return all;
  }

  /// If true, handlers leave some messages unacknowledged for their replacements.
  std::atomic<bool> is_lazy = false;

private:
  struct partition {
    std::uint64_t epoch = 0;
    std::int64_t expected = 0;
    std::int64_t committed = -1;
    std::map<std::int64_t, int> times;
  };

  void wrong_if(bool it_is, const std::string& what) {
    if (it_is && wrong_.empty())
      wrong_ = what;
  }

  std::size_t read(const std::size_t& figure) const {
    const std::lock_guard lock{guard_};
    return figure;
  }

  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::map<topic_partition, partition> of_;
  std::set<std::int32_t> generations_;
  std::set<std::string> failures_;
  std::string wrong_;
  std::size_t distinct_ = 0;
  std::size_t repeated_ = 0;
  std::size_t assignments_ = 0;
  std::size_t told_ = 0;
};

/// Records each batch in the ledger and acknowledges the batch. With a lazy ledger the handler
/// acknowledges only every fourth batch, together with the batches before it.
class entering_handler : public batch_handler {
public:
  explicit entering_handler(std::shared_ptr<ledger> into) : into_{std::move(into)} {}

  void start(const assignment& what) override { mine_ = what; }

  verdict handle(batch messages) override {
    into_->see(mine_, messages);
    return into_->is_lazy && ++turn_ % 4 != 0 ? carry_on() : ack();
  }

private:
  std::shared_ptr<ledger> into_;
  assignment mine_;
  int turn_ = 0;
};

} // namespace ottla::kafka::test

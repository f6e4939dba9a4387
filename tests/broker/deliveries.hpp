#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/observer.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// Records by offset which messages the members received. Several members may share this object.
class deliveries : public observer {
public:
  void handled(const batch& what) {
    const std::lock_guard lock{guard_};
    for (const auto& one : what) {
      ++total_;
      if (++times_[what.from()][one.offset()] == 1)
        ++distinct_;
    }
    changed_.notify_all();
  }

  void assigned(std::int32_t generation, std::span<const topic_partition> partitions) override {
    const std::lock_guard lock{guard_};
    ++assignments_;
    generation_ = generation;
    holds_.insert(partitions.begin(), partitions.end());
    changed_.notify_all();
  }

  void revoked(std::span<const topic_partition> partitions, bool lost) override {
    const std::lock_guard lock{guard_};
    ++revocations_;
    losses_ += lost ? 1 : 0;
    for (const auto& one : partitions)
      holds_.erase(one);
    changed_.notify_all();
  }

  void committed(const topic_partition& where, std::int64_t next) override {
    const std::lock_guard lock{guard_};
    committed_[where] = next;
    changed_.notify_all();
  }

  void failed(const error& what) override {
    const std::lock_guard lock{guard_};
    failures_.push_back(to_string(what));
  }

  // Each wait returns false after a minute.

  bool wait_for_total(std::size_t messages) const {
    return wait([&] { return total_ >= messages; });
  }
  bool wait_for_distinct(std::size_t messages) const {
    return wait([&] { return distinct_ >= messages; });
  }
  bool wait_for_times(const topic_partition& where, std::int64_t offset, int times) const {
    return wait([&] {
      const auto of = times_.find(where);
      return of != times_.end() && of->second.contains(offset) && of->second.at(offset) >= times;
    });
  }
  bool wait_for_commit(const topic_partition& where, std::int64_t next) const {
    return wait([&] {
      const auto found = committed_.find(where);
      return found != committed_.end() && found->second >= next;
    });
  }
  bool wait_for_assignments(int count) const {
    return wait([&] { return assignments_ >= count; });
  }
  bool wait_to_hold(std::size_t partitions) const {
    return wait([&] { return holds_.size() == partitions; });
  }

  /// Number of deliveries, including repeated ones.
  std::size_t total() const { return read(total_); }
  std::size_t distinct() const { return read(distinct_); }
  /// Number of deliveries of each offset of one partition.
  std::map<std::int64_t, int> of(const topic_partition& where) const {
    const std::lock_guard lock{guard_};
    const auto found = times_.find(where);
    return found == times_.end() ? std::map<std::int64_t, int>{} : found->second;
  }
  std::set<topic_partition> holds() const { return read(holds_); }
  int assignments() const { return read(assignments_); }
  int revocations() const { return read(revocations_); }
  int losses() const { return read(losses_); }
  std::int32_t generation() const { return read(generation_); }
  std::vector<std::string> failures() const { return read(failures_); }

private:
  bool wait(const std::function<bool()>& until) const {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, std::chrono::minutes{1}, until);
  }

  template <class T>
  T read(const T& what) const {
    const std::lock_guard lock{guard_};
    return what;
  }

  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  std::map<topic_partition, std::map<std::int64_t, int>> times_;
  std::map<topic_partition, std::int64_t> committed_;
  std::set<topic_partition> holds_;
  std::size_t total_ = 0;
  std::size_t distinct_ = 0;
  int assignments_ = 0;
  int revocations_ = 0;
  int losses_ = 0;
  std::int32_t generation_ = -1;
  std::vector<std::string> failures_;
};

/// Records each batch and acknowledges it.
class noting_handler : public batch_handler {
public:
  explicit noting_handler(std::shared_ptr<deliveries> into) : into_{std::move(into)} {}

  verdict handle(batch messages) override {
    into_->handled(messages);
    return ack();
  }

private:
  std::shared_ptr<deliveries> into_;
};

} // namespace ottla::kafka::test

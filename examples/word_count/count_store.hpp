#pragma once

#include <ottla/kafka/consumer/batch.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/observer.hpp>

#include "word_counter.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The counts of all handlers, outside of the supervision tree like a database. The counts are
/// exact although lines are delivered at least once: a partition's counts and its next offset
/// change together, under the current lease. A line may also be produced twice, so each line counts
/// only the first time.
///
/// Thread safety: call from any thread.
class count_store : public ottla::kafka::observer {
public:
  /// `run` is the prefix of each key. The store ignores lines of other runs in the same topic.
  count_store(std::string run, std::uint64_t lines);

  /// The key of a line: `run/number`.
  std::string key_of(std::uint64_t line) const;

  /// Approximate bytes of a line in the log. Empty lines take space too.
  static std::uint64_t bytes_of(std::string_view key, std::string_view line) noexcept {
    return key.size() + line.size() + 32;
  }

  /// Makes `lease` the current lease. apply() rejects older leases.
  void begin(const ottla::kafka::assignment& lease);

  /// Counts the lines that are new. Throws if a newer lease has begun.
  void apply(const ottla::kafka::assignment& lease, ottla::kafka::batch lines);

  struct totals {
    std::uint64_t consumed = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t redelivered = 0;
    std::uint64_t rebalances = 0;
  };
  totals sums() const;
  word_counts words() const;

  std::uint64_t consumed() const noexcept { return consumed_.load(std::memory_order_relaxed); }
  std::uint64_t consumed_bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

  /// Whether a handler has started for each assigned partition. False without an assignment.
  bool all_begun() const;

  /// Calls `then` after each batch, on the worker's thread. `then` must be quick, or empty.
  void on_progress(std::function<void()> then);

  void assigned(std::int32_t generation,
                std::span<const ottla::kafka::topic_partition> partitions) override;
  void acknowledged(const ottla::kafka::topic_partition& where, std::int64_t next) override;
  void failed(const ottla::kafka::error& what) override;

  /// The last failure that the connection reported; empty if there was none.
  std::string last_failure() const;

private:
  struct partition_counts {
    std::mutex guard;
    std::uint64_t epoch = 0;
    std::int64_t next_offset = 0;
    word_counts words;
    std::vector<bool> seen; ///< by line
    std::uint64_t consumed = 0;
    std::uint64_t redelivered = 0;
    std::uint64_t acknowledged = 0;
    /// The offset after each unacknowledged batch, and the lines consumed before that offset.
    std::deque<std::pair<std::int64_t, std::uint64_t>> unacknowledged;
  };

  partition_counts& of(std::int32_t partition) const;
  /// False if the key belongs to another run or is not the key of a line.
  bool parse(std::string_view key, std::uint64_t& line) const;

  const std::string prefix_;
  const std::uint64_t lines_;
  mutable std::mutex guard_;
  mutable std::map<std::int32_t, std::unique_ptr<partition_counts>> partitions_;
  std::function<void()> on_progress_;
  std::string last_failure_;
  std::uint64_t rebalances_ = 0;
  std::vector<ottla::kafka::topic_partition> assigned_;
  std::atomic<std::uint64_t> consumed_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

/// Counts the lines of one partition. Each worker has its own handler.
class counting_handler : public ottla::kafka::batch_handler {
public:
  explicit counting_handler(std::shared_ptr<count_store> store) : store_{std::move(store)} {}

  void start(const ottla::kafka::assignment& lease) override {
    lease_ = lease;
    store_->begin(lease_);
  }

  ottla::kafka::verdict handle(ottla::kafka::batch lines) override {
    store_->apply(lease_, lines);
    return ottla::kafka::ack();
  }

private:
  std::shared_ptr<count_store> store_;
  ottla::kafka::assignment lease_;
};

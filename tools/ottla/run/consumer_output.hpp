#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>

#include "run/failure_notes.hpp"
#include "run/record_writer.hpp"
#include "run/reporter.hpp"
#include "run/start_filter.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <span>

namespace command {

/// What the workers of a consumer share: they write records one batch at a time, and only what was
/// written is acknowledged.
///
/// Thread safety: call from any thread.
class consumer_output : public failure_notes {
public:
  /// The references must outlive the application. Records that `begin` does not admit are
  /// acknowledged and not written.
  consumer_output(output& out, reporter& faults, output_format format, record_output how,
                  start_filter begin = {});
  ~consumer_output() override;

  /// Writes a batch up to the limit of records, and flushes the output.
  ottla::kafka::verdict write(ottla::kafka::batch records);

  /// For poll(): readable when nothing more can be written.
  int descriptor() const noexcept { return descriptor_; }

  struct standing {
    bool is_done = false;
    /// Partitions, or none of them, were assigned to this consumer.
    bool is_assigned = false;
    /// Partitions were taken away, and no assignment has followed yet.
    bool is_rebalancing = false;
    /// A batch is being written, which may wait for the reader of a pipe.
    bool is_writing = false;
    /// Number of partitions that this consumer has.
    std::size_t partitions = 0;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    /// The time of the last record or of the first assignment.
    std::chrono::steady_clock::time_point last_activity = {};
    std::chrono::steady_clock::time_point last_assignment = {};

    /// Whether the consumer has no partitions and gets none. A cooperative group first takes
    /// partitions from other members, and assigns them within `settles_within`.
    bool has_no_partitions(std::chrono::steady_clock::time_point at,
                           std::chrono::milliseconds settles_within) const noexcept {
      return is_assigned && !is_rebalancing && partitions == 0
             && at - last_assignment >= settles_within;
    }
  };
  standing now() const;

  /// Ends the writing: batches that arrive later are not acknowledged.
  void close();

  void assigned(std::int32_t generation,
                std::span<const ottla::kafka::topic_partition> partitions) override;
  void revoked(std::span<const ottla::kafka::topic_partition> partitions, bool lost) override;

private:
  const int descriptor_;
  /// Held while a batch is written, which blocks while a pipe is full.
  std::mutex writing_;
  /// Guards now_ and held_. Never held while a batch is written.
  mutable std::mutex guard_;
  output& out_;
  record_writer writer_;
  start_filter begin_;
  std::set<ottla::kafka::topic_partition> held_;
  standing now_ = {};
};

/// The handler of one worker.
class printing_handler : public ottla::kafka::batch_handler {
public:
  explicit printing_handler(std::shared_ptr<consumer_output> to) : to_{std::move(to)} {}

  ottla::kafka::verdict handle(ottla::kafka::batch records) override { return to_->write(records); }

private:
  std::shared_ptr<consumer_output> to_;
};

} // namespace command

#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>

#include "run/failure_notes.hpp"
#include "run/record_writer.hpp"
#include "run/reporter.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <span>

namespace command {

/// What the workers of a consumer group share: they write records one batch at a time, and only
/// what was written is acknowledged.
///
/// Thread safety: call from any thread.
class group_output : public failure_notes {
public:
  /// The references must outlive the application.
  group_output(output& out, reporter& faults, output_format format, record_output how);
  ~group_output() override;

  /// Writes a batch up to the limit of records, and flushes the output.
  ottla::kafka::verdict write(ottla::kafka::batch records);

  /// For poll(): readable when nothing more can be written.
  int descriptor() const noexcept { return descriptor_; }

  struct standing {
    bool is_done = false;
    /// The group has assigned partitions, or none of them, to this member.
    bool is_assigned = false;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    /// The time of the last record or of the first assignment.
    std::chrono::steady_clock::time_point last_activity = {};
  };
  standing now() const;

  /// Ends the writing: batches that arrive later are not acknowledged.
  void close();

private:
  void assigned(std::int32_t generation,
                std::span<const ottla::kafka::topic_partition> partitions) override;

  const int descriptor_;
  /// Held while a batch is written, which blocks while a pipe is full.
  std::mutex writing_;
  /// Guards now_. Never held while a batch is written.
  mutable std::mutex guard_;
  output& out_;
  record_writer writer_;
  standing now_ = {};
};

/// The handler of one worker.
class printing_handler : public ottla::kafka::batch_handler {
public:
  explicit printing_handler(std::shared_ptr<group_output> to) : to_{std::move(to)} {}

  ottla::kafka::verdict handle(ottla::kafka::batch records) override { return to_->write(records); }

private:
  std::shared_ptr<group_output> to_;
};

} // namespace command

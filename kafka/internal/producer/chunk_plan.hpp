#pragma once

#include <ottla/kafka/producer/in_order.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Decides which records of a list are sent next when they are produced in order, in chunks. The
/// model is Elsa.Producer. A thread that blocks drives the plan in a loop:
///
///     chunk_plan plan{std::move(records)};
///     while (!plan.is_over())
///       plan.answered(send_and_wait(plan.chunk()));
///     return std::move(plan).outcome();
///
/// A process sends plan.chunk(), reports the answer's failures when the answer arrives, and sends
/// the next chunk() unless the plan is_over().
class chunk_plan {
public:
  /// A record of the present chunk that is not stored, or may not be stored.
  struct failure {
    /// Index of the record in chunk().
    std::size_t index = 0;
    error why = {};
    /// The record was sent and no answer came.
    bool may_be_stored = false;
  };

  explicit chunk_plan(std::vector<record> records, std::size_t chunk_bytes = default_chunk_bytes);

  /// What a record counts in a chunk.
  static std::size_t bytes_of(const record& one) noexcept;

  /// The records to send now. Empty if the plan is over. The records stay at their addresses until
  /// outcome() is called, whatever is reported.
  std::span<const record> chunk() const noexcept;

  /// Nothing is left to send: all records are stored, or a chunk failed.
  bool is_over() const noexcept { return why_ || first_ == records_.size(); }

  /// The present chunk was sent. Without failures, all its records are stored. The failures may
  /// have any order. The failure with the lowest index becomes produced_in_order::why.
  void answered(std::vector<failure> failures);

  /// Nothing of the present chunk was sent, for example because the deadline has passed.
  void refused(error why);

  /// The outcome so far. The records of a chunk without an answer count as not stored.
  produced_in_order outcome() &&;

private:
  /// Index behind the last record of the chunk that begins at `first`.
  std::size_t end_of_chunk(std::size_t first) const noexcept;

  std::vector<record> records_;
  std::size_t chunk_bytes_;
  /// The present chunk is [first_, end_). All records before it are stored.
  std::size_t first_ = 0;
  std::size_t end_ = 0;
  std::optional<error> why_;
  /// Sorted by index, one for each record.
  std::vector<failure> failures_;
  bool was_sent_ = false;
};

} // namespace ottla::kafka

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

struct log_entry {
  std::int64_t offset = 0;
  /// Unique in the whole simulated life. Distinguishes successive records with the same offset.
  std::uint64_t serial = 0;
  std::string key = {};
};

/// One partition's log. Offsets increase, with gaps from compaction and transaction markers.
/// Retention moves the log's beginning up. An unclean leader election may move the log's end down.
class simulated_log {
public:
  void append(std::uint64_t serial, std::string key);
  /// Adds offsets without records.
  void skip(std::int64_t count) { end_ += count; }
  void retain_from(std::int64_t offset);
  void remove(std::size_t index);
  void truncate(std::int64_t end);
  /// Begins a transaction. Records appended after this call are not stable until the transaction
  /// ends. Only one transaction can be open at a time.
  void begin_transaction();
  /// Ends the transaction. The transaction's marker takes an offset. Records of an aborted
  /// transaction are never read.
  void end_transaction(bool abort);

  std::int64_t begin() const noexcept { return begin_; }
  /// The high watermark.
  std::int64_t end() const noexcept { return end_; }
  /// The last stable offset, at which readers of committed records stop.
  std::int64_t stable_end() const noexcept { return transaction_.value_or(end_); }
  bool holds(std::int64_t offset) const noexcept { return offset >= begin_ && offset <= end_; }
  const std::deque<log_entry>& entries() const noexcept { return entries_; }

  /// At most `most` stable records with offsets of at least `from`.
  std::vector<log_entry> read(std::int64_t from, std::size_t most) const;

private:
  std::deque<log_entry>::const_iterator at(std::int64_t offset) const;

  std::deque<log_entry> entries_;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  std::optional<std::int64_t> transaction_; ///< first offset of the open transaction
};

} // namespace ottla::kafka::simulation

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

struct log_entry {
  std::int64_t offset = 0;
  /// Of the whole simulated life: tells records apart that had the same offset one after the other.
  std::uint64_t serial = 0;
  std::string key = {};
};

/// One partition's log: offsets rise, with gaps as compaction and transaction markers leave them;
/// its beginning moves up (retention), its end may move down (an unclean leader election).
class simulated_log {
public:
  void append(std::uint64_t serial, std::string key);
  /// Offsets that never were records.
  void skip(std::int64_t count) { end_ += count; }
  void retain_from(std::int64_t offset);
  void remove(std::size_t index);
  void truncate(std::int64_t end);
  /// What is appended from now on is not stable until the transaction ends. One at a time.
  void begin_transaction();
  /// Its marker takes an offset. Nobody reads records of a transaction that was aborted.
  void end_transaction(bool abort);

  std::int64_t begin() const noexcept { return begin_; }
  /// The high watermark.
  std::int64_t end() const noexcept { return end_; }
  /// Readers of committed records get no further.
  std::int64_t stable_end() const noexcept { return transaction_.value_or(end_); }
  bool holds(std::int64_t offset) const noexcept { return offset >= begin_ && offset <= end_; }
  const std::deque<log_entry>& entries() const noexcept { return entries_; }

  /// From there on, `most` at most, stable ones only.
  std::vector<log_entry> read(std::int64_t from, std::size_t most) const;

private:
  std::deque<log_entry>::const_iterator at(std::int64_t offset) const;

  std::deque<log_entry> entries_;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  std::optional<std::int64_t> transaction_; ///< where the open one begins
};

} // namespace ottla::kafka::simulation

#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/fetch/end_offset.hpp>
#include <ottla/kafka/fetch/partition_progress.hpp>
#include <ottla/kafka/fetch/stream.hpp>
#include <ottla/kafka/result.hpp>

#include "run/session.hpp"
#include "text/offset_text.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace command {

/// Offsets by partition.
using partition_offsets = std::map<std::int32_t, std::int64_t>;

/// Reads ranges of a topic without a group.
class topic_reader {
public:
  /// Gets each record, in the order of the offsets of a partition. Returns false to stop.
  using taker = std::function<bool(const ottla::kafka::streamed_message&)>;
  using progress = std::function<void(std::span<const ottla::kafka::partition_progress>)>;

  /// `partitions` is empty for all partitions.
  topic_reader(const session& with, std::string topic, std::vector<std::int32_t> partitions,
               bool read_uncommitted);

  /// Called after each batch of records.
  void on_progress(progress receiver) { progress_ = std::move(receiver); }

  /// Reads from `from` to `until`. nullopt if everything is read or `take` has stopped. Fails with
  /// errc::offset_out_of_range if `from` is an offset beyond the end of each partition.
  std::optional<ottla::kafka::error> read(const start_offset& from,
                                          const ottla::kafka::end_offset& until, const taker& take);

  /// The ends of the partitions: the offset after the last readable record.
  ottla::kafka::result<partition_offsets> ends() const;

private:
  ottla::kafka::stream_settings range(std::vector<std::int32_t> partitions,
                                      ottla::kafka::begin_offset from,
                                      ottla::kafka::end_offset until) const;
  std::optional<ottla::kafka::error> read(const ottla::kafka::stream_settings& range,
                                          const taker& take);

  const session& with_;
  const std::string topic_;
  const std::vector<std::int32_t> partitions_;
  const bool read_uncommitted_;
  progress progress_;
  bool stopped_ = false;
};

} // namespace command

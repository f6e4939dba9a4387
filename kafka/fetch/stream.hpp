#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/fetch/end_offset.hpp>
#include <ottla/kafka/fetch/partition_progress.hpp>
#include <ottla/kafka/fetch/stored_record.hpp>
#include <ottla/kafka/message.hpp>
#include <ottla/kafka/result.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka {

class range_reader;

/// A record of a stream. A view, valid until the stream advances to the next record. copy() returns
/// a record to keep.
class streamed_message : public message {
public:
  streamed_message(const message& what, const topic_partition& from) noexcept
    : message{what}, from_{&from} {}

  const topic_partition& from() const noexcept { return *from_; }
  stored_record copy() const { return copy_of(*this, *from_); }

private:
  const topic_partition* from_;
};

struct stream_settings {
  std::string topic = {};
  /// All partitions of the topic if empty.
  std::vector<std::int32_t> partitions = {};
  /// Where each partition begins. If the log no longer holds the offset, the partition begins at
  /// its earliest record. A partition whose log ends before the offset is skipped.
  begin_offset from = earliest{};
  /// Where each partition ends.
  end_offset until = latest{};
  /// Skip records of aborted transactions, and end before the first record of an open transaction.
  /// Kafka: isolation.level. Overrides this key in cluster_settings::extra.
  bool read_committed = true;
  /// Longest wait for the next record. After this time, the stream fails.
  saturating<std::chrono::milliseconds> patience{30'000};
  /// Most bytes that the stream fetches ahead, over all partitions. Memory stays within this value
  /// plus one response of each broker, whatever the topic's size. librdkafka:
  /// queued.max.messages.kbytes.
  std::size_t ahead_bytes = std::size_t{64} * 1024 * 1024;
  /// Called after each batch of records, and at the end.
  progress_receiver on_progress = nullptr;
};

/// Reads a topic lazily, from a beginning to an end, without a consumer group. Records of one
/// partition come in the order of their offsets. Up to eight partitions are read at the same time.
///
///     auto orders = kafka::open_stream({.brokers = "localhost:9092"}, {.topic = "orders"}, 10s);
///     if (!orders)
///       return report(orders.error());
///     for (const auto& order : *orders)
///       index.put(order.key(), order.value());
///     if (orders->failure())
///       report(*orders->failure());
///
/// A stream advances by offsets, so the gaps of compacted and transactional logs do not delay its
/// end. If retention deletes records before the stream reads them, the stream resumes at the
/// partition's earliest record. A stream ends early if a partition fails, for example because its
/// topic was deleted or because no broker answered for `patience`. In this case failure() returns
/// the error. A stream throws no exception of its own. An exception of `on_progress` reaches the
/// caller of begin() or ++.
///
/// Blocks while it waits for records, so use it on main or on a thread of the program, never in a
/// handler. (Elsa.Fetch.fetch_stream.)
///
/// Thread safety: one thread at a time.
class stream {
public:
  explicit stream(std::unique_ptr<range_reader> from);
  stream(stream&&) noexcept;
  stream& operator=(stream&&) noexcept;
  /// Stops fetching. Waits for no broker.
  ~stream();

  /// An input iterator. All iterators of a stream share the stream's position. Moving the stream
  /// invalidates its iterators.
  class iterator {
  public:
    using value_type = streamed_message;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    explicit iterator(stream& of) noexcept : of_{&of} {}

    const streamed_message& operator*() const noexcept { return *of_->current_; }
    const streamed_message* operator->() const noexcept { return &*of_->current_; }
    iterator& operator++() {
      of_->advance();
      return *this;
    }
    void operator++(int) { of_->advance(); }

    friend bool operator==(const iterator& at, std::default_sentinel_t) noexcept {
      return at.is_at_end();
    }

  private:
    bool is_at_end() const noexcept { return !of_->current_; }

    stream* of_ = nullptr;
  };

  /// The first call waits for the first record, for up to `patience`. Later calls return the
  /// current record and do not wait.
  iterator begin();
  std::default_sentinel_t end() const noexcept { return {}; }

  /// Why the stream ended early, for example errc::timed_out, errc::unreachable or
  /// errc::unknown_topic. nullopt if the stream has not ended or has read everything.
  const std::optional<error>& failure() const noexcept;

  /// The progress of each partition. The current batch of records counts as read.
  std::span<const partition_progress> progress() const noexcept;

private:
  void advance() {
    if (++index_ < messages_.size()) [[likely]]
      current_.emplace(messages_[index_], *from_);
    else
      take_batch();
  }
  void take_batch();

  std::unique_ptr<range_reader> reader_;
  bool begun_ = false;
  std::shared_ptr<const batch_memory> memory_;
  std::span<const message> messages_;
  const topic_partition* from_ = nullptr;
  std::size_t index_ = 0;
  std::optional<streamed_message> current_;
};

/// Opens a stream: looks up the partitions, and the beginning and the end of each. Blocks for at
/// most `within`, so call it from main or from a thread of the program, never from a handler.
/// Errors: errc::bad_setting for a wrong setting, errc::unknown_topic for a topic or partition that
/// does not exist, errc::unreachable if no broker answers, and errc::authentication_failed.
result<stream> open_stream(const cluster_settings& cluster, const stream_settings& what,
                           saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka

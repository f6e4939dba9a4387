#pragma once

#include <ottla/kafka/internal/driver/librdkafka/delivery_tracker.hpp>
#include <ottla/kafka/internal/driver/librdkafka/urgent_groups.hpp>

#include <librdkafka/rdkafka.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace ottla::kafka {

/// Makes a producer send urgent batches without waiting for linger.ms. librdkafka sends without
/// delay only while a thread is in rd_kafka_flush. So the batches that were handed over are flushed
/// as one group, by a thread that handed over a batch or by a thread of this object. Two properties
/// of librdkafka make groups necessary:
/// - During a flush, librdkafka sends the first record of a batch alone, as soon as it has that
///   record. So a flush waits for batches that are being handed over, and a batch that may block
///   waits for the end of a flush. The first wait ends after 1 ms, the second after 2 ms.
/// - An idempotent producer has only one request in flight for each partition. While other records
///   of that partition are due, the broker thread polls in a loop without a pause.
/// During a flush, records that are not urgent are sent at once, too.
///
/// Thread safety: call from any thread.
class urgent_flush {
public:
  explicit urgent_flush(rd_kafka_t* of) : of_{of} {}
  /// Blocks for up to one flush, so a reaper thread destroys this object.
  ~urgent_flush();
  urgent_flush(const urgent_flush&) = delete;
  urgent_flush& operator=(const urgent_flush&) = delete;

  /// Exists while librdkafka takes the records of an urgent batch.
  class hand_over {
  public:
    /// If `may_block`, waits for the end of a flush.
    hand_over(urgent_flush& of, bool may_block) : of_{of}, may_block_{may_block} {
      of_.begin_hand_over(may_block_);
    }
    /// If `may_block` and the group is due, flushes the group on this thread, which is cheaper than
    /// to wake another one.
    ~hand_over() { of_.end_hand_over(may_block_); }
    hand_over(const hand_over&) = delete;
    hand_over& operator=(const hand_over&) = delete;

    /// librdkafka has taken records of the batch. The batch joins the next group, unless it is
    /// reported already. The first call starts the thread.
    void note_taken(delivery_tracker& batch) { of_.add(batch); }

  private:
    urgent_flush& of_;
    const bool may_block_;
  };

  /// Call when a batch of this group is reported.
  void note_report(urgent_groups::group of);

private:
  void begin_hand_over(bool may_block);
  void end_hand_over(bool may_block);
  bool has_only_next_group() const;
  void add(delivery_tracker& batch);
  void start();
  void wake_if_due_sooner();
  void run();
  void flush(std::unique_lock<std::mutex>& guard);

  rd_kafka_t* const of_;
  std::mutex lock_;
  /// For the thread.
  std::condition_variable changed_;
  std::condition_variable handed_over_;
  std::condition_variable flushed_;
  urgent_groups groups_;
  std::size_t records_in_next_ = 0;
  /// Number of batches that are being handed over.
  std::size_t handing_over_ = 0;
  /// When the thread looks at the groups again by itself.
  urgent_groups::time waits_until_ = urgent_groups::time::max();
  bool is_flushing_ = false;
  bool is_over_ = false;
  std::thread thread_;
};

} // namespace ottla::kafka

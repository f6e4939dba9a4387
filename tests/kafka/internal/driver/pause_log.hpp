#pragma once

#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>
#include <ottla/kafka/internal/driver/librdkafka/pausing.hpp>

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>

namespace ottla::kafka::test {

/// Blocks a thread until the test opens the gate, for at most 20 s. Initially open.
class gate {
public:
  void shut() {
    const std::scoped_lock guard{lock_};
    is_open_ = false;
    is_reached_ = false;
  }

  void open() {
    const std::scoped_lock guard{lock_};
    is_open_ = true;
    opened_.notify_all();
  }

  void pass() {
    std::unique_lock guard{lock_};
    is_reached_ = is_reached_ || !is_open_;
    opened_.wait_for(guard, longest, [this] { return is_open_; });
  }

  bool is_reached() const {
    const std::scoped_lock guard{lock_};
    return is_reached_;
  }

private:
  static constexpr std::chrono::seconds longest{20};

  mutable std::mutex lock_;
  std::condition_variable opened_;
  bool is_open_ = true;
  bool is_reached_ = false;
};

/// Records which partitions the pool pauses and resumes in librdkafka.
class pause_log {
public:
  pausing calls(std::chrono::milliseconds pause_time) {
    return {.time = pause_time,
            // On a busy machine a pause call can take so long that the backlog would be taken
            // before the gap ends.
            .gap = 0,
            .find_positions =
              [this](rd_kafka_t* native, rd_kafka_topic_partition_list_t* list) {
                rd_kafka_position(native, list);
                for (auto* each = list->elems; each != list->elems + list->cnt; ++each)
                  if (each->partition == not_at_end)
                    each->offset = 1;
              },
            .pause =
              [this](rd_kafka_t* native, rd_kafka_topic_partition_list_t* list) {
                at_pause.pass();
                rd_kafka_pause_partitions(native, list);
                note(list, true);
              },
            .resume =
              [this](rd_kafka_t* native, rd_kafka_topic_partition_list_t* list) {
                at_resume.pass();
                if (const auto lost = lose_resume.exchange(-1); lost >= 0)
                  drop(list, lost);
                rd_kafka_resume_partitions(native, list);
                note(list, false);
              }};
  }

  std::set<std::int32_t> paused() const {
    const std::scoped_lock guard{lock_};
    return paused_;
  }

  bool was_ever_paused(std::int32_t partition) const {
    const std::scoped_lock guard{lock_};
    return ever_paused_.contains(partition);
  }

  int pauses() const {
    const std::scoped_lock guard{lock_};
    return pauses_;
  }

  int resumes() const {
    const std::scoped_lock guard{lock_};
    return resumes_;
  }

  gate at_pause;
  gate at_resume;
  /// If set, the pool sees a position before the end of this partition.
  std::atomic<std::int32_t> not_at_end = -1;
  /// The next resume skips this partition without notifying the pool.
  std::atomic<std::int32_t> lose_resume = -1;

private:
  static void drop(rd_kafka_topic_partition_list_t* list, std::int32_t partition) {
    for (int index = list->cnt - 1; index >= 0; --index)
      if (list->elems[index].partition == partition)
        rd_kafka_topic_partition_list_del_by_idx(list, index);
  }

  void note(const rd_kafka_topic_partition_list_t* list, bool pause) {
    const std::scoped_lock guard{lock_};
    ++(pause ? pauses_ : resumes_);
    for (const auto& each : entries(list)) {
      if (pause)
        paused_.insert(each.partition);
      else
        paused_.erase(each.partition);
      ever_paused_.insert(paused_.begin(), paused_.end());
    }
  }

  mutable std::mutex lock_;
  std::set<std::int32_t> paused_;
  std::set<std::int32_t> ever_paused_;
  int pauses_ = 0;
  int resumes_ = 0;
};

} // namespace ottla::kafka::test

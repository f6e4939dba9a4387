#pragma once

#include <librdkafka/rdkafka.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>

namespace ottla::kafka {

/// Makes a producer send urgent records at once, without waiting for linger.ms. librdkafka sends
/// without delay only while a thread is in rd_kafka_flush, and its broker threads look at their
/// records when a flush begins. So while urgent records are pending, a thread of this object
/// flushes in short slices. Each further urgent batch wakes the broker threads by a flush of its
/// own, which does not wait.
///
/// Meanwhile, records that are not urgent are sent at once, too.
///
/// Thread safety: call from any thread.
class urgent_flush {
public:
  explicit urgent_flush(rd_kafka_t* of) : of_{of} {}
  /// Blocks for up to one slice, so a reaper thread destroys this object.
  ~urgent_flush();
  urgent_flush(const urgent_flush&) = delete;
  urgent_flush& operator=(const urgent_flush&) = delete;

  /// Call after librdkafka has taken the records of an urgent batch. The first call starts the
  /// thread.
  void begin();
  /// Call when the batch is reported. May overtake begin().
  void end();

private:
  static constexpr int slice_ms = 5;

  void start();
  void run();

  rd_kafka_t* const of_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::ptrdiff_t pending_ = 0; ///< below 0 while end() overtakes begin()
  std::uint64_t begun_ = 0;
  bool is_flushing_ = false;
  bool is_over_ = false;
  std::thread thread_;
};

} // namespace ottla::kafka

#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <thread>

namespace ottla::kafka {

/// Makes a producer send at once, without waiting for linger.ms, until all records are reported.
/// librdkafka sends without delay only while a thread waits in rd_kafka_flush.
///
/// The destructor blocks for up to 100 ms, so a reaper thread destroys this object and the handle.
class flush_thread {
public:
  explicit flush_thread(rd_kafka_t* of)
    : thread_{[this, of] {
        constexpr int slice_ms = 100;
        while (!over_ && rd_kafka_flush(of, slice_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        }
      }} {}
  ~flush_thread() {
    over_ = true;
    thread_.join();
  }
  flush_thread(const flush_thread&) = delete;
  flush_thread& operator=(const flush_thread&) = delete;

private:
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

} // namespace ottla::kafka

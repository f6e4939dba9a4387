#pragma once

#include <ottla/kafka/begin_offset.hpp>
#include <ottla/kafka/client/events.hpp>

#include <librdkafka/rdkafka.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Blocking look-ups of offsets, one after the other on a thread of its own, which starts with the
/// first of them.
class offset_resolver {
public:
  /// Told on the resolver's thread.
  using receiver = std::function<void(resolved)>;

  offset_resolver(rd_kafka_t* native, receiver to);
  /// Waits for the look-up that is running; stop() first where that must not happen.
  ~offset_resolver();
  offset_resolver(const offset_resolver&) = delete;
  offset_resolver& operator=(const offset_resolver&) = delete;

  void ask(token asked, std::vector<topic_partition> partitions, begin_offset otherwise);

  /// Does not wait: what was not begun is not answered, nor is the one that is running.
  void stop();

private:
  struct question {
    token asked;
    std::vector<topic_partition> partitions;
    begin_offset otherwise;
  };

  void run();
  void answer(const question& what);

  rd_kafka_t* native_;
  receiver to_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<question> waiting_;
  bool stopped_ = false;
  std::thread thread_;
};

} // namespace ottla::kafka

#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace bench {

/// The arrival time of each partition's first message at a member.
class arrivals {
public:
  using clock = std::chrono::steady_clock;

  void note(std::int32_t partition);

  /// Waits until `count` partitions have delivered a message. Returns the arrival time of the last
  /// of these first messages. Throws after `within`.
  clock::time_point await(std::size_t count, std::chrono::seconds within);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int32_t, clock::time_point> first_;
};

/// Notes the partition of each batch, and acknowledges the batch.
class noting_handler : public ottla::kafka::batch_handler {
public:
  explicit noting_handler(std::shared_ptr<arrivals> into) : into_{std::move(into)} {}

  ottla::kafka::verdict handle(ottla::kafka::batch messages) override {
    into_->note(messages.from().partition);
    return ottla::kafka::ack();
  }

private:
  std::shared_ptr<arrivals> into_;
};

} // namespace bench

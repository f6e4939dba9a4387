#pragma once

#include "broker/broker.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace ottla::kafka::test {

/// Produces numbered messages evenly to the partitions of a topic. Each value is the message's
/// offset.
class feeder {
public:
  feeder(const std::string& at, std::string topic, std::int32_t partitions)
    : kafka_{make_librdkafka_driver({.brokers = at})},
      to_{kafka_->open_producer({.linger = 0us})},
      topic_{std::move(topic)},
      partitions_{partitions} {}

  /// Sends `each` more messages to each partition.
  void send(std::size_t each) {
    for (std::int32_t partition = 0; partition < partitions_; ++partition) {
      const auto batch = make_batch(++last_, topic_, numbered(each, fed_), partition);
      REQUIRE(to_->send(batch, 0) == each);
      ++under_way_;
    }
    fed_ += each;
  }

  /// Waits until all sent messages are stored.
  void await_stored() {
    for (; under_way_ > 0; --under_way_)
      REQUIRE(to_.expect<delivered>(100s).failures.empty());
  }

  /// Messages sent to each partition.
  std::size_t fed() const noexcept { return fed_; }

private:
  std::shared_ptr<driver> kafka_;
  sender to_;
  std::string topic_;
  std::int32_t partitions_;
  token last_ = 0;
  std::size_t fed_ = 0;
  int under_way_ = 0;
};

} // namespace ottla::kafka::test

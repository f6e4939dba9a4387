#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>

#include <memory>
#include <utility>

namespace ottla::kafka::test {

/// Acknowledges everything, and calls `add(count)` of a counter with the size of each batch.
template <class Counter>
struct counting_handler : batch_handler {
  explicit counting_handler(std::shared_ptr<Counter> into) : into{std::move(into)} {}
  verdict handle(batch messages) override {
    into->add(messages.size());
    return ack();
  }
  std::shared_ptr<Counter> into;
};

} // namespace ottla::kafka::test

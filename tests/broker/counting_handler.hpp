#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>

#include <memory>
#include <utility>

namespace ottla::kafka::test {

/// Acknowledges every batch, and passes its size to the counter's `add`.
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

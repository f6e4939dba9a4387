#pragma once

#include <ottla/kafka/consumer/message_handler.hpp>

#include <memory>
#include <utility>

namespace ottla::kafka::test {

/// Acknowledges everything, and tells whoever counts how much it was: `add(count)`.
template <class Counter>
struct counting_handler : message_handler {
  explicit counting_handler(std::shared_ptr<Counter> into) : into{std::move(into)} {}
  verdict handle(batch messages) override {
    into->add(messages.size());
    return ack();
  }
  std::shared_ptr<Counter> into;
};

} // namespace ottla::kafka::test

#pragma once

#include <ottla/kafka/producer/produce.hpp>

#include "group_stage.hpp"

namespace ottla::kafka::test {

/// A running connection "c" with a producer, and without a group.
struct producer_stage : group_stage {
  producer_stage() {
    settings.group_consumer.reset();
    open();
  }

  static produce records(int count) {
    produce what{.topic = "out"};
    for (int i = 0; i < count; ++i)
      what.records.push_back({.value = std::to_string(i)});
    return what;
  }

  auto ask_for(int count) {
    auto asked = ask_later<produced>(*this, named("producer"), records(count));
    time.run();
    return asked;
  }
};

} // namespace ottla::kafka::test

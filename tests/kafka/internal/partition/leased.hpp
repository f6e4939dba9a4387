#pragma once

#include <ottla/kafka/internal/partition/partition_state.hpp>

#include "support/fake_driver.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ottla::kafka::test {

/// The state of one partition, with leases and takes as a worker makes them.
struct leased {
  const topic_partition where{"t", 0};
  std::shared_ptr<fake_kafka> kafka = std::make_shared<fake_kafka>();
  std::shared_ptr<epoch_source> epochs = std::make_shared<epoch_source>();
  partition_state state = make(0, 20);
  std::size_t wakes = 0;

  partition_state make(std::int64_t beginning, std::size_t most_open) {
    return {where,  7,        beginning, std::make_unique<fake_queue>(kafka, where, beginning),
            epochs, most_open};
  }

  std::uint64_t lease() {
    return state.lease([this] { ++wakes; }).value().epoch;
  }

  static std::string text(const std::optional<fetched>& what) {
    if (!what)
      return "over";
    std::string result;
    for (const auto& one : what->messages)
      result += (result.empty() ? "" : " ") + std::string{one.value()};
    return result + (what->more ? " +" : "");
  }

  std::string take(std::uint64_t epoch, std::size_t most = 5) {
    return text(state.take(epoch, most));
  }
};

} // namespace ottla::kafka::test

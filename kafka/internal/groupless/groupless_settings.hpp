#pragma once

#include <ottla/kafka/consumer/consumer.hpp>
#include <ottla/kafka/internal/groupless/kept_offsets.hpp>
#include <ottla/kafka/internal/groupless/offset_store.hpp>

#include <chrono>
#include <memory>

namespace ottla::kafka {

/// What only a consumer without a group has. The processes of the consumer share it. It outlives
/// restarts of the connection.
struct groupless_settings {
  consumer settings;
  /// How often the partitions of the topic are looked up.
  std::chrono::milliseconds poll_interval{300'000};
  std::shared_ptr<kept_offsets> offsets = std::make_shared<kept_offsets>();
  /// Null if the program stores no offsets.
  std::shared_ptr<offset_store> store
    = settings.store_offsets ? std::make_shared<offset_store>(settings.store_offsets) : nullptr;
};

} // namespace ottla::kafka

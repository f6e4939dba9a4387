#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/message.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace ottla::kafka {

/// The result of one take.
struct taken {
  /// The lease is over: nothing will come any more.
  bool lease_over = false;
  std::span<const message> messages;
  std::shared_ptr<const batch_memory> memory;
  /// This answer covers the offsets [first, next), log gaps included.
  std::int64_t first = 0;
  std::int64_t next = 0;
  /// More may be waiting.
  bool more = false;
  /// Set if this take acknowledges the end of the log: nothing before the end is open, and nothing
  /// behind the last record can be read.
  std::optional<std::int64_t> end;
  std::optional<error> failed;
};

} // namespace ottla::kafka

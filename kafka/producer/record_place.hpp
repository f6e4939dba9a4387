#pragma once

#include <cstdint>

namespace ottla::kafka {

/// Where Kafka has stored a record.
struct record_place {
  /// -1 if the record is not known to be stored.
  std::int32_t partition = -1;
  /// -1 if the record is not known to be stored, or if the broker did not report the offset.
  /// Brokers report no offset to a producer with ack_level::none.
  std::int64_t offset = -1;

  bool operator==(const record_place&) const = default;
};

} // namespace ottla::kafka

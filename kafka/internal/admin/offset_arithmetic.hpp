#pragma once

#include <ottla/kafka/admin/group_info.hpp>
#include <ottla/kafka/internal/driver/offset_reset.hpp>
#include <ottla/kafka/result.hpp>

#include <cstdint>
#include <optional>

namespace ottla::kafka {

/// Returns the number of offsets between `committed` and the end of the log. Offsets that were
/// deleted from the log do not count.
std::int64_t lag_of(std::int64_t committed, const log_range& log) noexcept;

/// Whether the offsets of a group in this state can be reset. A broker rejects commits from outside
/// while the group has members.
bool allows_reset(consumer_group_state state) noexcept;

/// What reset_offset needs to know of a partition.
struct reset_basis {
  std::optional<std::int64_t> committed = std::nullopt;
  log_range log = {};
  /// For a reset to `since`: the offset of the first record since that time. -1 if the log has no
  /// such record.
  std::int64_t since_time = -1;
};

/// Returns the offset that a reset commits: `to`, moved to the nearest end of the log if the log
/// does not hold it. Fails if `to` is shift_by and nothing was committed.
result<std::int64_t> reset_offset(const reset_point& to, const reset_basis& basis);

} // namespace ottla::kafka

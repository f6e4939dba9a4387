#pragma once

#include <ottla/kafka/admin/group_info.hpp>
#include <ottla/kafka/result.hpp>

#include "run/session.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace command {

/// What kafka::reset_offsets would commit now. Changes nothing, and does not check whether the
/// group has members.
ottla::kafka::result<std::vector<ottla::kafka::partition_reset>>
plan_reset(const session& with, const ottla::kafka::group_reset& what);

/// The log of a partition, [begin, end). For a reset to a time, `since` is the first offset whose
/// record is not older than that time.
struct log_range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t since = 0;
};

/// The offset that a reset commits, within the log. nullopt for shift_by without a committed
/// offset.
std::optional<std::int64_t> planned_offset(const ottla::kafka::reset_point& to,
                                           const log_range& log,
                                           std::optional<std::int64_t> committed);

} // namespace command
